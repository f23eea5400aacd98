import { clock, compact, count, day, minute } from "../ui/format";
import { XAxis, YAxis } from "./Axes";
import { Legend } from "./Legend";
import type { PlotArea } from "./Plot";
import { Plot } from "./Plot";
import { linearScale, niceDomain, niceTicks, timeTicks } from "./scale";

export interface StackedSeries {
  key: string;
  label: string;
  color: string;
  values: readonly number[];
}

interface StackedColumnsProps {
  label: string;
  /** Begin of each bucket, ms since 1970. */
  times: readonly number[];
  /** Length of a bucket, ms. */
  step: number;
  /** From the ground up. */
  series: readonly StackedSeries[];
  height?: number;
  format?: (value: number) => string;
  hasLegend?: boolean;
  /** Labels below, where they are no times of day. */
  ticks?: readonly { value: number; label: string }[];
  /** The last bucket is not over yet: it is drawn pale. */
  isLastOpen?: boolean;
}

/** Amounts in buckets of time, one kind upon the other. */
export function StackedColumns({ label, times, step, series, height = 180, format = count, hasLegend = true, isLastOpen = false, ticks }: StackedColumnsProps) {
  const totals = times.map((_, index) => series.reduce((sum, one) => sum + (one.values[index] ?? 0), 0));
  const [, top] = niceDomain(totals, 4, [0]);
  const begin = times[0] ?? 0;
  const end = (times[times.length - 1] ?? 0) + step;
  const across = (area: PlotArea) => linearScale(begin, end, area.left, area.right);
  return (
    <div>
      {hasLegend && (
        <Legend entries={series.map((one) => ({ ...one, isArea: true, value: compact(one.values.reduce((sum, value) => sum + value, 0)) }))} />
      )}
      <Plot
        label={label} height={height} stops={(area) => times.map((time) => across(area)(time + step / 2))}
        tooltip={(cursor) => (
          <>
            <strong>
              {end - begin > 86_400_000 && `${day(times[cursor]!)} `}
              {step < 60_000 ? clock(times[cursor]!) : `${minute(times[cursor]!)}–${minute(times[cursor]! + step)}`}
              {isLastOpen && cursor === times.length - 1 && ", not over yet"}
            </strong>
            {[...series].reverse().map((one) => (
              <span key={one.key} className="tooltip-row">
                <i style={{ background: one.color }} /> {one.label}
                <b>{format(one.values[cursor] ?? 0)}</b>
              </span>
            ))}
            <span className="tooltip-row tooltip-total">
              all <b>{format(totals[cursor] ?? 0)}</b>
            </span>
          </>
        )}
        draw={(area, cursor) => {
          const sx = across(area);
          const sy = linearScale(0, top, area.bottom, area.top);
          const shown =
            ticks ?? timeTicks(begin, end, Math.max(2, area.width / 70)).map((value) => ({ value, label: end - begin > 2 * 86_400_000 ? day(value) : minute(value) }));
          const gap = (area.right - area.left) / Math.max(1, times.length) > 4 ? 1 : 0;
          return (
            <>
              <YAxis area={area} scale={sy} ticks={niceTicks(0, top, height / 44).filter(Number.isInteger).map((value) => ({ value, label: compact(value) }))} />
              {cursor !== null && (
                <rect className="cursor-band" x={sx(times[cursor]!)} y={area.top} width={sx(times[cursor]! + step) - sx(times[cursor]!)} height={area.bottom - area.top} />
              )}
              {series.map((one, level) => (
                <g key={one.key} fill={one.color}>
                  <path d={columns(one, level, 0, isLastOpen ? times.length - 1 : times.length)} />
                  {isLastOpen && <path d={columns(one, level, times.length - 1, times.length)} fillOpacity={0.45} />}
                </g>
              ))}
              <XAxis area={area} scale={sx} ticks={shown} />
            </>
          );

          // One path for all columns of a kind: a hundred buckets are three elements, not three hundred.
          function columns(one: StackedSeries, level: number, first: number, end: number): string {
            let path = "";
            for (let index = Math.max(0, first); index < end; index += 1) {
              const time = times[index]!;
              const value = one.values[index] ?? 0;
              if (value <= 0) continue;
              const ground = series.slice(0, level).reduce((sum, below) => sum + (below.values[index] ?? 0), 0);
              const left = sx(time);
              const right = Math.max(left + 0.5, sx(time + step) - gap);
              path += `M${left.toFixed(1)} ${sy(ground).toFixed(1)}H${right.toFixed(1)}V${sy(ground + value).toFixed(1)}H${left.toFixed(1)}Z`;
            }
            return path;
          }
        }}
      />
    </div>
  );
}
