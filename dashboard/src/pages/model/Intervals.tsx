import type { ModelMetric } from "../../api/types";
import { seriesColor } from "../../charts/palette";
import { fixed } from "../../ui/format";

/** Values with their intervals on one scale, a line each: the first as a disc, the second as a diamond, the third as a square. */
export function Intervals({ values, zero }: { values: readonly (ModelMetric | null | undefined)[]; zero?: boolean }) {
  const all = values.flatMap((one) => (one === null || one === undefined ? [] : [one.value, one.lower ?? one.value, one.upper ?? one.value]));
  if (zero) all.push(0);
  if (all.length === 0) return null;
  const low = Math.min(...all);
  const span = Math.max(...all) - low || 1;
  const at = (value: number) => `${4 + (92 * (value - low)) / span}%`;
  return (
    <span className="intervals" aria-hidden>
      {zero && <span className="intervals-zero" style={{ left: at(0) }} />}
      {values.map((one, index) =>
        one === null || one === undefined ? (
          <span key={index} className="intervals-line" />
        ) : (
          <span key={index} className="intervals-line">
            {one.lower !== null && one.upper !== null && (
              <span
                className="intervals-bar"
                style={{ left: at(one.lower), width: `${(92 * (one.upper - one.lower)) / span}%`, background: seriesColor(index) }}
              />
            )}
            <span className={`intervals-mark intervals-mark-${index}`} style={{ left: at(one.value), background: seriesColor(index) }} />
          </span>
        ),
      )}
    </span>
  );
}

/** A figure with its 95 % interval below. */
export function MetricCell({ metric, decimals = 4 }: { metric: ModelMetric | null | undefined; decimals?: number }) {
  if (metric === null || metric === undefined) return <span className="faint">–</span>;
  return (
    <span className="metric">
      {fixed(metric.value, decimals)}
      <small className="faint">
        {metric.lower === null || metric.upper === null ? "no interval" : `${fixed(metric.lower, decimals)} to ${fixed(metric.upper, decimals)}`}
      </small>
    </span>
  );
}
