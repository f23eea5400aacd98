import { Badge } from "../../ui/Badge";
import { Card } from "../../ui/Card";
import { Legend } from "../../charts/Legend";
import { seriesColor } from "../../charts/palette";
import { count, signed } from "../../ui/format";
import { Table } from "../../ui/Table";
import type { Difference } from "./figures";
import { betterWords, difference, figureKinds, pairedWith } from "./figures";
import { Intervals, MetricCell } from "./Intervals";
import type { ModelPair } from "./ModelPage";

/** Champion and challenger on their test rows, figure by figure. */
export function TestComparison({ champion, challenger, challengerDetail }: ModelPair) {
  if (champion === null && challenger === null) return null;
  const paired = champion === null ? null : pairedWith(challengerDetail, champion.version);
  const rows = figureKinds.filter((kind) => champion?.metrics[kind.name] !== undefined || challenger?.metrics[kind.name] !== undefined);
  const names = [champion?.version ?? "no champion", challenger?.version ?? "no challenger"];
  const tested = [champion, challenger].map((model) => (model?.metrics["rows"] === undefined ? null : count(model.metrics["rows"].value)));
  return (
    <Card
      title="On the test rows" isFlush
      about={`95 % intervals; ${names[0]}: ${tested[0] ?? "–"} rows${challenger === null ? "" : `, ${names[1]}: ${tested[1] ?? "–"} rows`}`}
      actions={<Legend entries={names.map((name, index) => ({ key: String(index), label: name, color: seriesColor(index) }))} />}
    >
      <Table
        caption="Figures of champion and challenger on their test rows" rows={rows} rowKey={(kind) => kind.name}
        columns={[
          {
            key: "figure", head: "Figure",
            cell: (kind) => (
              <span className="metric metric-left">
                <span>
                  {kind.label} <span className="faint small nowrap">{betterWords[kind.better]}</span>
                </span>
                <small className="faint extra">{kind.about}</small>
              </span>
            ),
          },
          { key: "champion", head: names[0], isNumber: true, cell: (kind) => <MetricCell metric={champion?.metrics[kind.name]} /> },
          { key: "challenger", head: names[1], isNumber: true, cell: (kind) => <MetricCell metric={challenger?.metrics[kind.name]} /> },
          {
            key: "plot", head: "", label: "On one scale", isExtra: true, width: "22%",
            cell: (kind) => <Intervals values={[champion?.metrics[kind.name], challenger?.metrics[kind.name]]} />,
          },
          {
            key: "difference", head: "Difference",
            cell: (kind) => {
              const one = champion === null || challenger === null ? null : difference(kind, champion.metrics, { metrics: challenger.metrics, paired });
              return one === null ? "" : <DifferenceCell difference={one} />;
            },
          },
        ]}
      />
      {champion !== null && challenger !== null && (
        <p className="card-note">
          {paired !== null
            ? `Differences are ${challenger.version} minus ${champion.version} on the same rows, which training of ${challenger.version} measured, with the interval of the difference; the columns are each on their own test rows.`
            : `${challenger.version} and ${champion.version} were not measured on the same rows: differences are of figures of different rows, and a verdict is given only where the intervals do not touch. A promotion needs the comparison on the same rows, or to be forced.`}
        </p>
      )}
    </Card>
  );
}

function DifferenceCell({ difference: { value, low, high, verdict, isPaired } }: { difference: Difference }) {
  return (
    <span className="metric metric-left">
      <span>
        {signed(value, 4)}{" "}
        {verdict === "none" ? null : verdict === "unclear" ? (
          <Badge>no clear difference</Badge>
        ) : (
          <Badge tone={verdict === "better" ? "good" : "bad"} icon={verdict === "better" ? "check" : "down"}>
            {verdict}
          </Badge>
        )}
      </span>
      <small className="faint">{isPaired && low !== null && high !== null ? `${signed(low, 4)} to ${signed(high, 4)}` : "other rows"}</small>
    </span>
  );
}
