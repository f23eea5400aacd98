import type { Polled } from "../../api/poll";
import type { Performance } from "../../api/types";
import type { LineChartProps } from "../../charts/LineChart";
import { LineChart } from "../../charts/LineChart";
import { seriesColor } from "../../charts/palette";
import { Empty } from "../../ui/Empty";
import { count, duration, percent, percentRange } from "../../ui/format";
import { Loaded } from "../../ui/Loaded";
import { Segmented } from "../../ui/Segmented";
import { reliabilityPoints } from "./Diagrams";
import { leastMatured, useWindow, windowOptions, windowWords } from "./window";

interface LiveReliabilityProps {
  performance: Polled<Performance>;
  champion: string | null;
  /** The axes of the diagram beside it. */
  chart: Partial<LineChartProps>;
}

/** Whether the champion's probabilities came true. */
export function LiveReliability({ performance, champion, chart }: LiveReliabilityProps) {
  const [name, choose] = useWindow();
  return (
    <figure>
      <figcaption>
        <h3>Reliability, in production</h3>
        <span className="faint small">last {windowWords[name]} of matured outcomes</span>
        <Segmented label="Window" value={name} options={windowOptions} onChange={choose} />
      </figcaption>
      <Loaded from={performance} height={260}>
        {({ model, windows, maturity_s, degraded }) => {
          const window = windows[name];
          const bins = window?.reliability ?? [];
          const version = model?.version ?? null;
          if (bins.length === 0 || window === null) {
            return (
              <Empty title={version === null ? "No model decides now" : "Not enough judged attempts yet"}>
                {degraded.includes("pending")
                  ? "They are being measured for the first time."
                  : `It needs ${leastMatured} attempts whose time for an outcome, ${duration(maturity_s)}, is over; this window has ${count(window?.counts.matured ?? 0)}.`}
              </Empty>
            );
          }
          return (
            <>
              <LineChart
                {...chart} label={`Reliability of ${version} in the last ${windowWords[name]}: share delivered over probability`} diagonal
                series={[{ key: "live", label: "delivered", color: seriesColor(version === champion ? 0 : 2), marks: true, points: reliabilityPoints(bins) }]}
                describeX={(value) => `predicted ${percent(value)}, ${count(bins.find((bin) => bin.predicted === value)?.rows)} attempts`}
                describeY={(point) => `${percent(point.y)} (${percentRange(point.low, point.high)})`}
              />
              <p className="faint small">
                {version}, {count(window.counts.matured)} attempts in {bins.length} groups alike in size.
              </p>
            </>
          );
        }}
      </Loaded>
    </figure>
  );
}
