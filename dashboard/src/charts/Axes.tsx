import type { PlotArea } from "./Plot";
import type { Scale } from "./scale";

interface Tick {
  value: number;
  label: string;
}

/** Horizontal lines with their values at the left. */
export function YAxis({ area, scale, ticks, unit }: { area: PlotArea; scale: Scale; ticks: readonly Tick[]; unit?: string }) {
  return (
    <g className="axis">
      {ticks.map(({ value, label }) => (
        <g key={value}>
          <line className="grid" x1={area.left} x2={area.right} y1={Math.round(scale(value)) + 0.5} y2={Math.round(scale(value)) + 0.5} />
          <text x={area.left - 6} y={scale(value)} textAnchor="end" dominantBaseline="central">
            {label}
          </text>
        </g>
      ))}
      {unit !== undefined && (
        <text className="axis-unit" x={2} y={area.top - 4}>
          {unit}
        </text>
      )}
    </g>
  );
}

/** Values below, without those that would stand on each other. */
export function XAxis({ area, scale, ticks, grid = false, gap = 40 }: {
  area: PlotArea;
  scale: Scale;
  ticks: readonly Tick[];
  grid?: boolean;
  /** Room that a label takes, px. */
  gap?: number;
}) {
  let last = -Infinity;
  const shown = ticks.filter(({ value }) => {
    const x = scale(value);
    if (x - last < gap || x < area.left - 1 || x > area.right + 1) return false;
    last = x;
    return true;
  });
  return (
    <g className="axis">
      <line className="axis-line" x1={area.left} x2={area.right} y1={area.bottom + 0.5} y2={area.bottom + 0.5} />
      {shown.map(({ value, label }) => (
        <g key={value}>
          {grid && <line className="grid" x1={scale(value)} x2={scale(value)} y1={area.top} y2={area.bottom} />}
          <text
            x={scale(value)} y={area.bottom + 14}
            textAnchor={scale(value) - area.left < gap / 2 - 6 ? "start" : area.right - scale(value) < gap / 2 - 6 ? "end" : "middle"}
          >
            {label}
          </text>
        </g>
      ))}
    </g>
  );
}
