import { bandPath, linearScale, linePath } from "./scale";

/** How something went, without figures: decoration beside a number that has them. */
export function Sparkline({ values, color = "var(--s1)", width = 96, height = 24 }: {
  values: readonly (number | null)[];
  color?: string;
  width?: number;
  height?: number;
}) {
  const known = values.filter((value): value is number => value !== null);
  if (known.length < 2) return null;
  const sx = linearScale(0, values.length - 1, 1, width - 1);
  const sy = linearScale(Math.min(0, ...known), Math.max(...known) || 1, height - 2, 2);
  const points = values.map((value, index) => ({ x: sx(index), y: value === null ? null : sy(value) }));
  return (
    <svg className="sparkline" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden>
      <path d={bandPath(points.flatMap(({ x, y }) => (y === null ? [] : [{ x, low: height, high: y }])))} fill={color} fillOpacity={0.12} />
      <path d={linePath(points)} fill="none" stroke={color} strokeWidth={1.5} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
