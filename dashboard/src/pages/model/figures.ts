import { isRecord, part } from "../../api/json";
import type { ModelDetail, ModelMetric } from "../../api/types";

export type Better = "higher" | "lower" | "zero" | "neither";

export interface FigureKind {
  name: string;
  label: string;
  /** What it measures, and its unit. */
  about: string;
  better: Better;
}

/** The figures of a model, in the order in which they matter here. */
export const figureKinds: readonly FigureKind[] = [
  { name: "log_loss", label: "Log loss", about: "mean surprise by what happened, nats", better: "lower" },
  { name: "brier", label: "Brier score", about: "mean squared error of the probability", better: "lower" },
  { name: "ece", label: "Calibration error", about: "mean distance of predicted from observed rate", better: "lower" },
  { name: "bias", label: "Bias", about: "mean predicted minus observed rate", better: "zero" },
  { name: "auc", label: "AUC", about: "chance that a delivered attempt ranks above a failed one", better: "higher" },
  { name: "pr_auc", label: "PR-AUC", about: "mean precision over all recalls", better: "higher" },
  { name: "precision", label: "Precision", about: "delivered among those predicted so", better: "higher" },
  { name: "recall", label: "Recall", about: "predicted so among the delivered", better: "higher" },
  { name: "f1", label: "F1", about: "harmonic mean of precision and recall", better: "higher" },
  { name: "base_rate", label: "Base rate", about: "share of the attempts that were delivered", better: "neither" },
];

export function kindOf(name: string): FigureKind {
  return figureKinds.find((kind) => kind.name === name) ?? { name, label: name.replaceAll("_", " "), about: "", better: "neither" };
}

export const betterWords: Record<Better, string> = { higher: "higher is better", lower: "lower is better", zero: "nearer to 0 is better", neither: "" };

/** `none`: what is neither good nor bad, or cannot be told from the difference alone. */
export type Verdict = "better" | "worse" | "unclear" | "none";

export interface Difference {
  value: number;
  low: number | null;
  high: number | null;
  verdict: Verdict;
  /** Measured on the same rows, so that the interval is that of the difference itself. */
  isPaired: boolean;
}

interface Compared {
  metrics: Record<string, ModelMetric>;
  /** Differences that were measured on the same rows, by figure. */
  paired: Record<string, ModelMetric> | null;
}

/** Challenger minus champion. Without common rows only intervals that do not touch say anything, and carefully. */
export function difference(kind: FigureKind, champion: Record<string, ModelMetric>, challenger: Compared): Difference | null {
  const paired = challenger.paired?.[kind.name];
  if (paired !== undefined) {
    const { value, lower, upper } = paired;
    return { value, low: lower, high: upper, isPaired: true, verdict: verdict(kind.better, lower, upper) };
  }
  const one = champion[kind.name];
  const other = challenger.metrics[kind.name];
  if (one === undefined || other === undefined) return null;
  const known = one.lower !== null && one.upper !== null && other.lower !== null && other.upper !== null;
  const low = known ? other.lower! - one.upper! : null;
  const high = known ? other.upper! - one.lower! : null;
  return { value: other.value - one.value, low: null, high: null, isPaired: false, verdict: verdict(kind.better, low, high) };
}

function verdict(better: Better, low: number | null, high: number | null): Verdict {
  if (better === "neither" || better === "zero") return "none";
  if (low === null || high === null || (low <= 0 && high >= 0)) return "unclear";
  return high < 0 === (better === "lower") ? "better" : "worse";
}

/** A figure of a manifest, which may be of an older or newer form. */
function metric(value: unknown): ModelMetric | null {
  if (!isRecord(value) || typeof value["value"] !== "number") return null;
  const bound = (key: string) => (typeof value[key] === "number" ? (value[key] as number) : null);
  return { value: value["value"], lower: bound("lower"), upper: bound("upper") };
}

function metrics(value: unknown): Record<string, ModelMetric> {
  const found: Record<string, ModelMetric> = {};
  for (const [name, entry] of Object.entries(isRecord(value) ? value : {})) {
    const one = metric(entry);
    if (one !== null) found[name] = one;
  }
  return found;
}

/** The differences of a model from another, where its training measured both on the same rows. */
export function pairedWith(detail: ModelDetail | null, other: string): Record<string, ModelMetric> | null {
  const comparisons = part(detail?.manifest.assessment, "comparisons");
  if (!isRecord(comparisons)) return null;
  // The one called champion is the champion of when the model was trained: its parent.
  const found = comparisons[other] ?? (detail?.manifest.parent_version === other ? comparisons["champion"] : undefined);
  return found === undefined ? null : metrics(part(found, "differences"));
}

/** By dimension (`channel`) and group (`sms`): the figures on the test rows. */
export function testSegments(detail: ModelDetail | null): Record<string, Record<string, Record<string, ModelMetric>>> {
  const found: Record<string, Record<string, Record<string, ModelMetric>>> = {};
  const segments = part(detail?.manifest.assessment, "segments");
  for (const [dimension, groups] of Object.entries(isRecord(segments) ? segments : {})) {
    const ofDimension: Record<string, Record<string, ModelMetric>> = {};
    for (const [group, figures] of Object.entries(isRecord(groups) ? groups : {})) ofDimension[group] = metrics(figures);
    found[dimension] = ofDimension;
  }
  return found;
}

export interface Gap {
  segment: string;
  metric: string;
  highest: string;
  lowest: string;
  gap: ModelMetric;
  limit: number;
}

/** Segments that stand out from the others, as training's report flags them. */
export function flaggedGaps(detail: ModelDetail | null): Gap[] {
  const gaps = part(detail?.manifest.assessment, "gaps");
  if (!Array.isArray(gaps)) return [];
  return gaps.flatMap((gap: unknown) => {
    const size = metric(part(gap, "gap"));
    const word = (key: string) => String(part(gap, key) ?? "");
    if (part(gap, "flagged") !== true || size === null) return [];
    return [{ segment: word("segment"), metric: word("metric"), highest: word("highest"), lowest: word("lowest"), gap: size, limit: Number(part(gap, "limit")) }];
  });
}

/** Raw to calibrated probability, as the artifact's knots say; empty where it is none. */
export function calibrationMap(detail: ModelDetail | null): { x: number; y: number }[] {
  const knots = part(detail?.manifest.calibration, "knots");
  if (!Array.isArray(knots)) return [];
  return knots.flatMap((knot: unknown) => {
    const [x, y] = [part(knot, "probability"), part(knot, "calibrated")];
    return typeof x === "number" && typeof y === "number" ? [{ x, y }] : [];
  });
}

/** How the probabilities on the training data lie: share of the rows in each of so many equal parts, from the manifest's unequal bins. */
export function probabilityShares(detail: ModelDetail | null, parts = 20): { x: number; y: number }[] {
  const reference = part(detail?.manifest.reference, "probability");
  const [edges, counts] = [part(reference, "edges"), part(reference, "counts")];
  if (!Array.isArray(edges) || !Array.isArray(counts) || counts.length !== edges.length + 1) return [];
  const borders = [0, ...(edges as number[]), 1];
  const total = (counts as number[]).reduce((sum, count) => sum + count, 0);
  if (!(total > 0)) return [];
  return Array.from({ length: parts }, (_, index) => {
    const [from, to] = [index / parts, (index + 1) / parts];
    const share = (counts as number[]).reduce((sum, count, bin) => {
      const [low, high] = [borders[bin]!, borders[bin + 1]!];
      // A bin without width is a single value that many rows have.
      if (high <= low) return sum + (low >= from && (low < to || to === 1) ? count : 0);
      return sum + count * Math.max(0, (Math.min(high, to) - Math.max(low, from)) / (high - low));
    }, 0);
    return { x: (from + to) / 2, y: share / total };
  });
}
