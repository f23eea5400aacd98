import type { Figure, Performance, Prediction, ReliabilityBin } from "../../api/types";
import { count, fixed, percent, signed } from "../../ui/format";

export interface CalibrationBand {
  low: number;
  high: number;
  /** Where the band comes from, in a sentence. */
  basis: string;
}

/** What is known of the model's calibration on its test period. */
export interface TestFigures {
  ece?: Pick<Figure, "value" | "upper">;
  reliability?: readonly ReliabilityBin[];
}

/** Attempts that a group of production must hold: fewer say less than the test period. */
const leastRows = 200;

/**
 * How far a probability may be off.
 *
 * What became of attempts with about this probability, with the 95 % interval of that: of the last seven days, else of the model's test period.
 * Where there are no such groups, the calibration error at its upper bound, which is a mean over all probabilities: of the channel in production,
 * of all channels, else of the test period.
 */
export function calibrationBand(
  prediction: Pick<Prediction, "probability" | "model">, channel: string, performance: Performance | null, test: TestFigures | null,
): CalibrationBand | null {
  const { probability } = prediction;
  if (probability === null) return null;
  const live = performance?.model?.version === prediction.model ? performance : null;
  const bin = around(probability, live?.windows["7d"]?.reliability ?? []);
  if (bin !== null && bin.rows >= leastRows) return byBin(probability, bin, "in the last 7 days");
  const tested = around(probability, test?.reliability ?? []);
  if (tested !== null) return byBin(probability, tested, `on ${prediction.model}'s test period`);
  return byError(probability, prediction.model, channel, live, test);
}

/** The group whose mean probability is the nearest: groups have no borders of their own. */
function around(probability: number, bins: readonly ReliabilityBin[]): ReliabilityBin | null {
  const distance = (bin: ReliabilityBin) => Math.abs(bin.predicted - probability);
  return bins.reduce<ReliabilityBin | null>((best, bin) => (best === null || distance(bin) < distance(best) ? bin : best), null);
}

/** A group is as wide as it is: the band is moved to the probability by how far the group was off. */
function byBin(probability: number, bin: ReliabilityBin, where: string): CalibrationBand {
  const off = (rate: number) => signed((rate - bin.predicted) * 100, 1);
  return {
    low: clamped(probability + bin.lower - bin.predicted), high: clamped(probability + bin.upper - bin.predicted),
    basis: `Of ${count(bin.rows)} attempts with about this probability ${where}, ${percent(bin.observed)} were delivered, ${percent(bin.predicted)} were predicted: ${off(bin.observed)} pp (95 %: ${off(bin.lower)} to ${off(bin.upper)} pp).`,
  };
}

function byError(probability: number, model: string, channel: string, live: Performance | null, test: TestFigures | null): CalibrationBand | null {
  const band = (ece: Pick<Figure, "value" | "upper">, where: string): CalibrationBand => {
    const error = ece.upper ?? ece.value;
    const most = ece.upper === null ? "" : `, at most ${fixed(ece.upper * 100, 1)} pp (95 %)`;
    return {
      low: clamped(probability - error), high: clamped(probability + error),
      basis: `On average over all probabilities they were off by ${fixed(ece.value * 100, 1)} pp${most}, ${where}.`,
    };
  };
  const segment = live?.segments.by.channel.find((one) => one.group === channel);
  const whole = live?.windows["7d"];
  if (segment?.figures.ece) return band(segment.figures.ece, `on ${count(segment.counts.matured)} matured attempts by ${channel} in the last 7 days`);
  if (whole?.figures.ece) return band(whole.figures.ece, `on ${count(whole.counts.matured)} matured attempts in the last 7 days`);
  return test?.ece === undefined ? null : band(test.ece, `on ${model}'s test period: too little has matured in production`);
}

function clamped(share: number): number {
  return Math.max(0, Math.min(1, share));
}
