import type { Performance, PerformanceFigures, Prediction } from "../../api/types";
import { count, fixed } from "../../ui/format";

export interface CalibrationBand {
  low: number;
  high: number;
  /** Where the band comes from, in a sentence. */
  basis: string;
}

/** How the model's calibration on its test period is told where there is nothing matured yet. */
export interface TestFigures {
  ece?: { value: number; upper: number | null };
}

/**
 * How far a probability may be off, as the calibration error tells: the mean distance between predicted and observed rate, at its upper bound.
 *
 * Taken from what matured in production for the channel, else for all channels, else from the model's test period.
 */
export function calibrationBand(
  prediction: Pick<Prediction, "probability" | "model">, channel: string, performance: Performance | null, test: TestFigures | null,
): CalibrationBand | null {
  const { probability } = prediction;
  if (probability === null) return null;
  const around = (error: number, basis: string) => ({ low: Math.max(0, probability - error), high: Math.min(1, probability + error), basis });
  const told = (ece: { value: number; upper: number | null }) => ece.upper ?? ece.value;
  const says = (ece: { value: number; upper: number | null }, where: string) =>
    `On average probabilities were off by ${fixed(ece.value * 100, 1)} pp${
      ece.upper === null ? "" : `, at most ${fixed(ece.upper * 100, 1)} pp (95 %)`
    }, ${where}.`;
  if (performance?.model?.version === prediction.model) {
    const segment = performance.segments.by.channel.find((one) => one.group === channel);
    const candidates: [PerformanceFigures | undefined, number, string][] = [
      [segment?.figures, segment?.counts.matured ?? 0, `by ${channel} in the last 7 days`],
      [performance.windows["7d"]?.figures, performance.windows["7d"]?.counts.matured ?? 0, "in the last 7 days"],
    ];
    for (const [figures, matured, where] of candidates) {
      const ece = figures?.ece;
      if (ece) return around(told(ece), says(ece, `on ${count(matured)} matured attempts ${where}`));
    }
  }
  return test?.ece === undefined ? null : around(told(test.ece), says(test.ece, `on ${prediction.model}'s test period: too little has matured in production`));
}
