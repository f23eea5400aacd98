import type { PredictionEntry } from "../../api/types";

/** A forecast and what happened. */
export interface Judged {
  probability: number;
  isDelivered: boolean;
}

/** The decisions that can be judged: sent at once by a model, with an outcome; each job once. */
export function judged(rows: readonly PredictionEntry[]): Judged[] {
  const jobs = new Set<string>();
  const found: Judged[] = [];
  for (const row of rows) {
    if (row.action !== "dispatch" || row.probability === null || row.source === "shadow" || jobs.has(row.job_id)) continue;
    if (row.outcome !== "delivered" && row.outcome !== "failed") continue;
    jobs.add(row.job_id);
    found.push({ probability: row.probability, isDelivered: row.outcome === "delivered" });
  }
  return found;
}

export interface ReliabilityBin {
  /** Mean forecast. */
  predicted: number;
  /** Share that was delivered. */
  observed: number;
  low: number;
  high: number;
  count: number;
}

/** Bins of about equally many forecasts, with 95 % score intervals (Wilson) of the observed share. */
export function reliability(list: readonly Judged[], bins = 12): ReliabilityBin[] {
  const sorted = [...list].sort((one, other) => one.probability - other.probability);
  const amount = Math.max(1, Math.min(bins, Math.floor(sorted.length / 20)));
  const found: ReliabilityBin[] = [];
  for (let bin = 0; bin < amount; bin += 1) {
    const group = sorted.slice(Math.floor((bin * sorted.length) / amount), Math.floor(((bin + 1) * sorted.length) / amount));
    if (group.length === 0) continue;
    const delivered = group.filter((one) => one.isDelivered).length;
    found.push({
      predicted: group.reduce((sum, one) => sum + one.probability, 0) / group.length, observed: delivered / group.length, count: group.length,
      ...wilson(delivered, group.length),
    });
  }
  return found;
}

/** 95 % score interval of a share. E. B. Wilson, 1927, https://doi.org/10.2307/2276774 */
export function wilson(successes: number, count: number): { low: number; high: number } {
  if (count === 0) return { low: 0, high: 1 };
  const z = 1.959964;
  const share = successes / count;
  const centre = share + (z * z) / (2 * count);
  const spread = z * Math.sqrt((share * (1 - share)) / count + (z * z) / (4 * count * count));
  const scale = 1 + (z * z) / count;
  return { low: Math.max(0, (centre - spread) / scale), high: Math.min(1, (centre + spread) / scale) };
}

interface CurvePoint {
  x: number;
  y: number;
}

export interface Curves {
  /** False positive rate → true positive rate. */
  roc: CurvePoint[];
  auc: number;
  /** Recall → precision. */
  pr: CurvePoint[];
  /** Average precision. */
  prAUC: number;
  delivered: number;
  count: number;
}

/** ROC and precision-recall curves; forecasts alike are one step. Thinned to so many points for drawing. */
export function rankingCurves(list: readonly Judged[], mostPoints = 160): Curves | null {
  const delivered = list.filter((one) => one.isDelivered).length;
  const failed = list.length - delivered;
  if (delivered === 0 || failed === 0) return null;
  const sorted = [...list].sort((one, other) => other.probability - one.probability);
  const roc: CurvePoint[] = [{ x: 0, y: 0 }];
  const pr: CurvePoint[] = [];
  let [hits, misses, auc, prAUC] = [0, 0, 0, 0];
  for (let index = 0; index < sorted.length; ) {
    const level = sorted[index]!.probability;
    const [hitsBefore, missesBefore] = [hits, misses];
    for (; index < sorted.length && sorted[index]!.probability === level; index += 1) sorted[index]!.isDelivered ? (hits += 1) : (misses += 1);
    auc += ((misses - missesBefore) / failed) * ((hits + hitsBefore) / 2 / delivered);
    const precision = hits / (hits + misses);
    prAUC += ((hits - hitsBefore) / delivered) * precision;
    roc.push({ x: misses / failed, y: hits / delivered });
    pr.push({ x: hits / delivered, y: precision });
  }
  return { roc: thinned(roc, mostPoints), auc, pr: thinned(pr, mostPoints), prAUC, delivered, count: list.length };
}

function thinned<T>(points: readonly T[], most: number): T[] {
  if (points.length <= most) return [...points];
  return Array.from({ length: most }, (_, index) => points[Math.round((index * (points.length - 1)) / (most - 1))]!);
}
