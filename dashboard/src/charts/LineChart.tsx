import { day, minute, number } from "../ui/format";
import { XAxis, YAxis } from "./Axes";
import { Legend } from "./Legend";
import type { PlotArea } from "./Plot";
import { Plot } from "./Plot";
import type { Scale } from "./scale";
import { bandPath, bentScale, between, linearScale, linePath, niceDomain, niceTicks, runs, timeTicks } from "./scale";

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
  /** Places that can be looked at, where the series have points at places of their own: values between points are interpolated. Default: the points. */
  stops?: readonly number[];
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
  const stops = props.stops?.filter((value) => series.some((one) => between(one.points, value) !== null)) ?? xs;
  const at = (one: LineSeries, x: number): LinePoint | null => {
    if (props.stops === undefined) return one.points.find((point) => point.x === x) ?? null;
    return { x, y: between(one.points, x) };
  };

  function scales(area: PlotArea): { sx: Scale; sy: Scale } {
    const sx = x === "bent" ? bentScale(props.bend ?? 1, fromX, toX, area.left, area.right) : linearScale(fromX, toX, area.left, area.right);
    return { sx, sy: linearScale(fromY, toY, area.bottom, area.top) };
  }

  return (
    <div>
      {hasLegend && <Legend entries={series} />}
      <Plot
        label={props.label} height={height} stops={(area) => stops.map((value) => scales(area).sx(value))}
        tooltip={(cursor) => (
          <>
            <strong>{describeX(stops[cursor]!)}</strong>
            {series.map((one) => {
              const point = at(one, stops[cursor]!);
              return point === null || point.y === null ? null : (
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
                  <text className="reference-label" x={area.right} y={sy(reference.y) + (sy(reference.y) - area.top < 14 ? 12 : -4)} textAnchor="end">
                    {reference.label}
                  </text>
                </g>
              ))}
              {cursor !== null && <line className="cursor" x1={sx(stops[cursor]!)} x2={sx(stops[cursor]!)} y1={area.top} y2={area.bottom} />}
              {series.map((one) => (
                <SeriesShape key={one.key} series={one} sx={sx} sy={sy} looked={cursor === null ? null : at(one, stops[cursor]!)} />
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

function SeriesShape({ series, sx, sy, looked }: { series: LineSeries; sx: Scale; sy: Scale; looked: LinePoint | null }) {
  const lines = runs(series.points);
  const points = lines.flat();
  // A point without neighbours has no line and no band: it is drawn as what it is.
  const marked = series.marks ? points : lines.flatMap((run) => (run.length === 1 ? run : []));
  return (
    <g>
      {!series.marks &&
        lines.filter((run) => run.length > 1).map((run) => (
          <path key={run[0]!.x} d={bandPath(run.filter(isRanged).map(({ x, low, high }) => ({ x: sx(x), low: sy(low), high: sy(high) })))} fill={series.color} fillOpacity={0.15} />
        ))}
      {marked.filter(isRanged).map(({ x, low, high }) => (
        <line key={x} x1={sx(x)} x2={sx(x)} y1={sy(low)} y2={sy(high)} stroke={series.color} strokeOpacity={0.6} strokeWidth={1.5} />
      ))}
      {!series.isScatter && (
        <path
          d={linePath(series.points.map(({ x, y }) => ({ x: sx(x), y: y === null ? null : sy(y) })))} fill="none" stroke={series.color}
          strokeWidth={1.75} strokeDasharray={series.dash} strokeLinejoin="round"
        />
      )}
      {marked.map(({ x, y }) => (
        <circle key={x} cx={sx(x)} cy={sy(y)} r={2.5} fill={series.color} />
      ))}
      {looked !== null && looked.y !== null && <circle cx={sx(looked.x)} cy={sy(looked.y)} r={4} fill={series.color} stroke="var(--surface)" strokeWidth={1.5} />}
    </g>
  );
}

function isRanged<P extends LinePoint>(point: P): point is P & { low: number; high: number } {
  return typeof point.low === "number" && typeof point.high === "number";
}
