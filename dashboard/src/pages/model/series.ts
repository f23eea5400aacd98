import type { PerformanceSeries, PerformanceStep } from "../../api/types";
import type { LinePoint } from "../../charts/LineChart";

export type SeriesFigure = keyof PerformanceStep["figures"];

/** A figure over time, at the middle of each step; steps that are missing, or too small for a figure, are gaps. */
export function pointsOver(series: PerformanceSeries, figure: SeriesFigure): LinePoint[] {
  const points: LinePoint[] = [];
  let before: number | null = null;
  for (const step of series.points) {
    const [from, until] = [Date.parse(step.from), Date.parse(step.until)];
    if (before !== null && from > before) points.push({ x: (before + from) / 2, y: null });
    before = until;
    const one = step.figures[figure];
    points.push(one === null ? { x: (from + until) / 2, y: null } : { x: (from + until) / 2, y: one.value, low: one.lower, high: one.upper });
  }
  return points;
}

/** The attempts behind each point, by its place. */
export function maturedAt(series: PerformanceSeries): Map<number, number> {
  return new Map(series.points.map((step) => [(Date.parse(step.from) + Date.parse(step.until)) / 2, step.counts.matured]));
}
