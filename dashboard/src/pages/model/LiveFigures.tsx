import type { Polled } from "../../api/poll";
import type { ModelDetail, Performance, PerformanceCounts } from "../../api/types";
import { useParameter } from "../../app/router";
import { Card } from "../../ui/Card";
import { Empty } from "../../ui/Empty";
import { ago, count, duration, percent, plural, word } from "../../ui/format";
import { Loaded } from "../../ui/Loaded";
import { Notice } from "../../ui/Notice";
import { Segmented } from "../../ui/Segmented";
import { Table } from "../../ui/Table";
import { betterWords, figureKinds, kindOf } from "./figures";
import { Intervals, MetricCell } from "./Intervals";
import { Trends } from "./Trends";
import { leastMatured, windows, windowWords } from "./window";

const dimensions = ["channel", "provider", "template_type", "country"] as const;
type Dimension = (typeof dimensions)[number];

/** How the champion does on what really happened. */
export function LiveFigures({ performance, tested }: { performance: Polled<Performance>; tested: ModelDetail | null }) {
  const [by, setBy] = useParameter("live-by", "channel");
  const maturity = duration(performance.data?.maturity_s ?? null);
  const dimension: Dimension = (dimensions as readonly string[]).includes(by) ? (by as Dimension) : "channel";
  return (
    <Card
      title="In production" isFlush
      about={
        performance.data === null
          ? "on what really happened"
          : `${performance.data.model?.version ?? "no model"}, on what really happened; outcomes are waited for ${maturity}, windows end before that${performance.data.generated_at === null ? "" : `; measured ${ago(performance.data.generated_at)}`}`
      }
    >
      <div className="card-pad">
        <Loaded from={performance} height={280}>
          {(data) => (
            <div className="stack">
              {data.degraded.includes("database") && <Notice tone="warn">The database is away: these are the last figures.</Notice>}
              {data.degraded.includes("pending") && <Notice tone="info">The figures are being measured for the first time.</Notice>}
              {windows.every((window) => (data.windows[window]?.counts.matured ?? 0) < leastMatured) ? (
                <Waiting counts={data.windows["7d"]?.counts ?? null} maturity={maturity} />
              ) : (
                <>
                  <Trends data={data} tested={tested?.version === data.model?.version ? tested : null} />
                  <WindowTable data={data} tested={tested} />
                  <div className="row">
                    <h3>By</h3>
                    <Segmented
                      label="Segments by" value={dimension} onChange={setBy}
                      options={dimensions.map((one) => ({ value: one, label: one === "template_type" ? "template" : one }))}
                    />
                    <span className="faint small">last 7 days</span>
                  </div>
                  <Table
                    caption={`Figures by ${word(dimension)}, last 7 days`} rows={data.segments.by[dimension] ?? []} rowKey={(segment) => segment.group}
                    empty={<Empty title="No segment has enough attempts yet" />}
                    columns={[
                      { key: "group", head: word(dimension), cell: (segment) => word(segment.group) },
                      { key: "matured", head: "Judged", isNumber: true, cell: (segment) => count(segment.counts.matured) },
                      { key: "rate", head: "Delivered", isNumber: true, isExtra: true, cell: (segment) => percent(segment.figures.base_rate?.value) },
                      { key: "log_loss", head: "Log loss, nats", isNumber: true, cell: (segment) => <MetricCell metric={segment.figures.log_loss} decimals={3} /> },
                      { key: "ece", head: "Calibration error", isNumber: true, cell: (segment) => <MetricCell metric={segment.figures.ece} decimals={3} /> },
                      { key: "auc", head: "AUC", isNumber: true, isExtra: true, cell: (segment) => <MetricCell metric={segment.figures.auc} decimals={3} /> },
                    ]}
                  />
                </>
              )}
            </div>
          )}
        </Loaded>
      </div>
    </Card>
  );
}

function Waiting({ counts, maturity }: { counts: PerformanceCounts | null; maturity: string }) {
  return (
    <Empty title="Not enough judged attempts yet">
      Figures need {leastMatured} attempts whose {maturity} are over; quick outcomes alone would flatter the model.
      {counts !== null && ` ${plural(counts.decisions, "decision")} in the last 7 days: ${count(counts.matured)} judged, ${count(counts.pending)} still waited for, ${count(counts.unknown)} without an outcome.`}
    </Empty>
  );
}

function WindowTable({ data, tested }: { data: Performance; tested: ModelDetail | null }) {
  const isSame = tested !== null && tested.version === data.model?.version;
  const rows = figureKinds.filter((kind) => windows.some((window) => data.windows[window]?.figures[kind.name as "auc"] != null));
  const figure = (window: (typeof windows)[number], name: string) => data.windows[window]?.figures[name as "auc"];
  return (
    <>
      <Table
        caption="Figures of the champion on matured outcomes, by window" rows={rows} rowKey={(kind) => kind.name}
        columns={[
          {
            key: "figure", head: "Figure",
            cell: (kind) => (
              <span>
                {kindOf(kind.name).label} <span className="faint small extra">{betterWords[kind.better]}</span>
              </span>
            ),
          },
          ...windows.map((window) => ({
            key: window, head: windowWords[window], isNumber: true, isExtra: window === "24h",
            cell: (kind: { name: string }) => <MetricCell metric={figure(window, kind.name)} decimals={3} />,
          })),
          { key: "test", head: "Test rows", isNumber: true, isExtra: true, cell: (kind) => (isSame ? <MetricCell metric={tested.manifest.metrics[kind.name]} decimals={3} /> : "–") },
          {
            key: "plot", head: "", label: "On one scale", isExtra: true, width: "20%",
            cell: (kind) => <Intervals values={[...windows.map((window) => figure(window, kind.name)), isSame ? tested.manifest.metrics[kind.name] : null]} />,
          },
        ]}
      />
      <p className="faint small">
        {windows
          .map((window) => [window, data.windows[window]] as const)
          .flatMap(([window, one]) =>
            one === null ? [] : [`${windowWords[window]}: ${count(one.counts.matured)} judged of ${count(one.counts.decisions)} decisions, ${count(one.counts.pending)} waited for${one.truncated ? " (the newest)" : ""}`],
          )
          .join(" · ")}
        . Lines of the plot from above: 1 hour, 24 hours, 7 days, test rows.
      </p>
    </>
  );
}
