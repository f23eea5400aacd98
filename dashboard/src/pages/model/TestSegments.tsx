import { useParameter } from "../../app/router";
import { Legend } from "../../charts/Legend";
import { seriesColor } from "../../charts/palette";
import { Card } from "../../ui/Card";
import { Empty } from "../../ui/Empty";
import { count, fixed, word } from "../../ui/format";
import { Notice } from "../../ui/Notice";
import { Segmented } from "../../ui/Segmented";
import { Select } from "../../ui/Select";
import { Table } from "../../ui/Table";
import { figureKinds, flaggedGaps, kindOf, testSegments } from "./figures";
import { Intervals, MetricCell } from "./Intervals";
import type { ModelPair } from "./ModelPage";

/** Where the models are good and where they are not: by channel, provider, country, template, attempt. */
export function TestSegments({ champion, challenger, championDetail, challengerDetail }: ModelPair) {
  const [by, setBy] = useParameter("by", "channel");
  const [figure, setFigure] = useParameter("figure", "log_loss");
  const both = [testSegments(championDetail), testSegments(challengerDetail)] as const;
  const dimensions = [...new Set(both.flatMap((one) => Object.keys(one)))];
  if (dimensions.length === 0) return null;
  const dimension = dimensions.includes(by) ? by : dimensions[0]!;
  const groups = [...new Set(both.flatMap((one) => Object.keys(one[dimension] ?? {})))].map((group) => ({
    group, champion: both[0][dimension]?.[group], challenger: both[1][dimension]?.[group],
  }));
  const kind = kindOf(figure);
  const gaps = flaggedGaps(championDetail);
  const names = [champion?.version, challenger?.version].filter((name): name is string => name !== undefined);
  return (
    <Card
      title="Segments" about="on the test rows, 95 % intervals" isFlush
      actions={
        <>
          <Legend entries={names.map((name, index) => ({ key: name, label: name, color: seriesColor(index) }))} />
          <Select
            aria-label="Figure" value={kind.name} onChange={setFigure} options={figureKinds.map((one) => ({ value: one.name, label: one.label }))}
          />
        </>
      }
    >
      <div className="card-pad stack">
        <Segmented label="Segments by" value={dimension} onChange={setBy} options={dimensions.map((one) => ({ value: one, label: word(one) }))} />
        {gaps.length > 0 && (
          <Notice tone="warn" title={`${championDetail?.version}: segments that stand out.`}>
            {gaps.map((gap) => `${kindOf(gap.metric).label} of ${word(gap.segment)} ${word(gap.highest)} is ${fixed(gap.gap.value, 3)} above ${word(gap.lowest)}, limit ${gap.limit}`).join("; ")}.
          </Notice>
        )}
        <Table
          caption={`${kind.label} by ${word(dimension)}`} rows={groups} rowKey={(row) => row.group} empty={<Empty title="No segments" />}
          columns={[
            { key: "group", head: word(dimension), cell: (row) => word(row.group) },
            { key: "rows", head: "Rows", isNumber: true, isExtra: true, cell: (row) => count(row.champion?.["rows"]?.value ?? row.challenger?.["rows"]?.value) },
            { key: "champion", head: names[0] ?? "champion", isNumber: true, cell: (row) => <MetricCell metric={row.champion?.[kind.name]} /> },
            { key: "challenger", head: challenger?.version ?? "challenger", isNumber: true, cell: (row) => <MetricCell metric={row.challenger?.[kind.name]} /> },
            {
              key: "plot", head: "", label: "On one scale", isExtra: true, width: "30%",
              cell: (row) => <Intervals values={[row.champion?.[kind.name], row.challenger?.[kind.name]]} />,
            },
          ]}
        />
      </div>
    </Card>
  );
}
