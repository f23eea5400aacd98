import { day, minute, number } from "../ui/format";
import { XAxis, YAxis } from "./Axes";
import { Legend } from "./Legend";
import type { PlotArea } from "./Plot";
import { Plot } from "./Plot";
import type { Scale } from "./scale";
import { bandPath, bentScale, linearScale, linePath, niceDomain, niceTicks, timeTicks } from "./scale";

export interface LinePoint {
  x: number;
  y: number | null;
  /** Interval around it: drawn as a band, or as a bar where `marks` is set. */
  low?: number | null;
  high?: number | null;
}

export interface LineSeries {
  key: string;
  label: string;
  color: string;
  dash?: string;
  points: readonly LinePoint[];
  /** Draws each point. */
  marks?: boolean;
  /** Draws no line between them. */
  isScatter?: boolean;
}

export interface LineChartProps {
  label: string;
  series: readonly LineSeries[];
  /** `bent` is logarithmic but has a place for 0: needs `bend`. */
  x?: "linear" | "time" | "bent";
  bend?: number;
  xDomain?: [number, number];
  yDomain?: [number, number];
  /** Values that the y axis must hold. */
  yHolds?: readonly number[];
  xTicks?: readonly number[];
  formatX?: (value: number) => string;
  formatY?: (value: number) => string;
  /** What the tooltip says of x. */
  describeX?: (value: number) => string;
  /** What the tooltip says of a point, instead of `formatY`. */
  describeY?: (point: LinePoint, series: LineSeries) => string;
  /** Drawn as a ring: the point that was chosen. */
  chosen?: { x: number; y: number; label: string } | null;
  /** A thin line from corner to corner: what a perfect reliability diagram or a useless ROC curve would be. */
  diagonal?: boolean;
  /** Thin lines across, with a word. */
  references?: readonly { y: number; label: string }[];
  height?: number;
  hasLegend?: boolean;
}

/** Lines over a number or a time, with intervals. */
export function LineChart(props: LineChartProps) {
  const { series, x = "linear", height = 180, hasLegend = series.length > 1, formatY = (value) => number(value) } = props;
  const xs = [...new Set(series.flatMap((one) => one.points.map((point) => point.x)))].sort((a, b) => a - b);
  const [fromX, toX] = props.xDomain ?? [xs[0] ?? 0, xs[xs.length - 1] ?? 1];
  const ys = series.flatMap((one) => one.points.flatMap((point) => [point.y, point.low, point.high]));
  const [fromY, toY] = props.yDomain ?? niceDomain(ys.filter((value): value is number => typeof value === "number"), 4, props.yHolds ?? []);
  const formatX = props.formatX ?? (x === "time" ? (value: number) => (toX - fromX > 2 * 86_400_000 ? day(value) : minute(value)) : (value: number) => number(value));
  const describeX = props.describeX ?? formatX;

  function scales(area: PlotArea): { sx: Scale; sy: Scale } {
    const sx = x === "bent" ? bentScale(props.bend ?? 1, fromX, toX, area.left, area.right) : linearScale(fromX, toX, area.left, area.right);
    return { sx, sy: linearScale(fromY, toY, area.bottom, area.top) };
  }

  return (
    <div>
      {hasLegend && <Legend entries={series} />}
      <Plot
        label={props.label} height={height} stops={(area) => xs.map((value) => scales(area).sx(value))}
        tooltip={(cursor) => (
          <>
            <strong>{describeX(xs[cursor]!)}</strong>
            {series.map((one) => {
              const point = one.points.find((candidate) => candidate.x === xs[cursor]);
              return point === undefined || point.y === null ? null : (
                <span key={one.key} className="tooltip-row">
                  <i style={{ background: one.color }} /> {one.label}
                  <b>{props.describeY?.(point, one) ?? formatY(point.y)}</b>
                </span>
              );
            })}
          </>
        )}
        draw={(area, cursor) => {
          const { sx, sy } = scales(area);
          const ticks = props.xTicks ?? (x === "time" ? timeTicks(fromX, toX, Math.max(2, area.width / 70)) : niceTicks(fromX, toX, Math.max(2, area.width / 80)));
          return (
            <>
              <YAxis area={area} scale={sy} ticks={niceTicks(fromY, toY, height / 44).map((value) => ({ value, label: formatY(value) }))} />
              <XAxis area={area} scale={sx} ticks={ticks.map((value) => ({ value, label: formatX(value) }))} />
              {props.diagonal && <line className="reference" x1={sx(fromX)} y1={sy(fromY)} x2={sx(toX)} y2={sy(toY)} />}
              {props.references?.map((reference) => (
                <g key={reference.label}>
                  <line className="reference" x1={area.left} x2={area.right} y1={sy(reference.y)} y2={sy(reference.y)} />
                  <text className="reference-label" x={area.right} y={sy(reference.y) - 4} textAnchor="end">
                    {reference.label}
                  </text>
                </g>
              ))}
              {cursor !== null && <line className="cursor" x1={sx(xs[cursor]!)} x2={sx(xs[cursor]!)} y1={area.top} y2={area.bottom} />}
              {series.map((one) => (
                <SeriesShape key={one.key} series={one} sx={sx} sy={sy} cursorX={cursor === null ? null : xs[cursor]!} />
              ))}
              {props.chosen && (
                <g className="chosen">
                  <circle cx={sx(props.chosen.x)} cy={sy(props.chosen.y)} r={7} />
                  <circle cx={sx(props.chosen.x)} cy={sy(props.chosen.y)} r={3} />
                </g>
              )}
            </>
          );
        }}
      />
    </div>
  );
}

function SeriesShape({ series, sx, sy, cursorX }: { series: LineSeries; sx: Scale; sy: Scale; cursorX: number | null }) {
  const ranged = series.points.filter(
    (point): point is LinePoint & { low: number; high: number } => typeof point.low === "number" && typeof point.high === "number",
  );
  const points = series.points.filter((point): point is LinePoint & { y: number } => point.y !== null && Number.isFinite(point.y));
  return (
    <g>
      {!series.marks && ranged.length > 1 && (
        <path d={bandPath(ranged.map(({ x, low, high }) => ({ x: sx(x), low: sy(low), high: sy(high) })))} fill={series.color} fillOpacity={0.15} />
      )}
      {series.marks &&
        ranged.map(({ x, low, high }) => <line key={x} x1={sx(x)} x2={sx(x)} y1={sy(low)} y2={sy(high)} stroke={series.color} strokeOpacity={0.6} strokeWidth={1.5} />)}
      {!series.isScatter && (
        <path
          d={linePath(series.points.map(({ x, y }) => ({ x: sx(x), y: y === null ? null : sy(y) })))} fill="none" stroke={series.color}
          strokeWidth={1.75} strokeDasharray={series.dash} strokeLinejoin="round"
        />
      )}
      {(series.marks || points.length === 1) && points.map(({ x, y }) => <circle key={x} cx={sx(x)} cy={sy(y)} r={2.5} fill={series.color} />)}
      {points
        .filter(({ x }) => x === cursorX)
        .map(({ x, y }) => (
          <circle key={x} cx={sx(x)} cy={sy(y)} r={4} fill={series.color} stroke="var(--surface)" strokeWidth={1.5} />
        ))}
    </g>
  );
}
