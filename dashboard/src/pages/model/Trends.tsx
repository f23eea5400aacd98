import type { ModelDetail, Performance } from "../../api/types";
import { LineChart } from "../../charts/LineChart";
import { seriesColor } from "../../charts/palette";
import { count, duration, fixed, percent, percentRange, plural, when } from "../../ui/format";
import { Segmented } from "../../ui/Segmented";
import type { FigureKind } from "./figures";
import { betterWords, kindOf } from "./figures";
import type { SeriesFigure } from "./series";
import { maturedAt, pointsOver } from "./series";
import { leastMatured, useWindow, windowOptions, windowWords } from "./window";

const trends: readonly { name: SeriesFigure; label?: string; isShare?: boolean }[] = [
  { name: "auc" }, { name: "log_loss" }, { name: "ece" }, { name: "base_rate", label: "Delivered", isShare: true },
];

/** The figures of the champion over a window, step by step, against its test period. */
export function Trends({ data, tested }: { data: Performance; tested: ModelDetail | null }) {
  const [name, choose] = useWindow();
  const series = data.series?.[name];
  const window = data.windows[name];
  if (series === undefined || window === null) return null;
  const matured = maturedAt(series);
  const measured = series.points.filter((step) => step.figures.log_loss !== null).length;
  return (
    <>
      <div className="row">
        <h3>Over time</h3>
        <Segmented label="Window" value={name} options={windowOptions} onChange={choose} />
        <span className="faint small">
          last {windowWords[name]}, steps of {duration(series.step_s)}
        </span>
      </div>
      {measured === 0 ? (
        <p className="muted">
          No step of the last {windowWords[name]} has {leastMatured} judged attempts yet: a step of {duration(series.step_s)} needs as many for its figures.
        </p>
      ) : (
        <>
          <div className="trends">
            {trends.map((trend) => (
              <Trend
                key={trend.name} kind={kindOf(trend.name)} label={trend.label} isShare={trend.isShare ?? false} points={pointsOver(series, trend.name)} matured={matured}
                domain={[Date.parse(window.from), Date.parse(window.until)]} reference={tested?.manifest.metrics[trend.name]?.value ?? null}
              />
            ))}
          </div>
          <p className="faint small">
            {plural(measured, "step")} with {leastMatured} judged attempts or more; others are gaps. Bands: 95 % intervals.
            {tested !== null && ` Dashed: ${tested.version} on its test period.`}
          </p>
        </>
      )}
    </>
  );
}

interface TrendProps {
  kind: FigureKind;
  label?: string;
  isShare: boolean;
  points: ReturnType<typeof pointsOver>;
  matured: ReadonlyMap<number, number>;
  domain: [number, number];
  reference: number | null;
}

function Trend({ kind, label = kind.label, isShare, points, matured, domain, reference }: TrendProps) {
  const text = (value: number | null, decimals: number) => (isShare ? percent(value, decimals - 2) : fixed(value, decimals));
  const last = [...points].reverse().find((point) => point.y !== null);
  return (
    <figure>
      <figcaption>
        <h3>{label}</h3>
        <span className="faint small">
          {betterWords[kind.better] || "share of the judged attempts"}
          {reference !== null && `; test ${text(reference, 3)}`}
        </span>
      </figcaption>
      <LineChart
        label={`${label} over time${last === undefined ? "" : `, last ${text(last.y, 3)}`}${reference === null ? "" : `, ${text(reference, 3)} on the test period`}`}
        x="time" xDomain={domain} height={150} yHolds={reference === null ? [] : [reference]} formatY={(value) => text(value, 2)}
        references={reference === null ? [] : [{ y: reference, label: "" }]}
        describeX={(value) => `${when(value)}, ${count(matured.get(value))} judged`}
        describeY={(point) =>
          `${text(point.y, 3)}${typeof point.low !== "number" || typeof point.high !== "number" ? "" : isShare ? ` (${percentRange(point.low, point.high)})` : ` (${fixed(point.low, 3)} to ${fixed(point.high, 3)})`}`
        }
        series={[{ key: kind.name, label, color: seriesColor(0), points }]}
      />
    </figure>
  );
}
