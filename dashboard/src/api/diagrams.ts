import { part } from "./json";
import type { ModelDetail, ReliabilityBin } from "./types";

export interface CurvePoint {
  x: number;
  y: number;
}

export interface Importance {
  feature: string;
  /** Mean distance by which it moves the log odds of an attempt (|SHAP|). */
  contribution: number;
  /** Share of what the trees gained by splitting on it, 0…1. */
  gain: number;
}

/** How a model did on its test period, as drawn. */
export interface Diagrams {
  reliability: ReliabilityBin[];
  /** False positive rate → true positive rate. */
  roc: CurvePoint[];
  /** Recall → precision. */
  precisionRecall: CurvePoint[];
  /** The largest first. */
  importances: Importance[];
}

/** The diagrams of an artifact; null = it has none, as those of former releases. What is of another form is left out. */
export function diagramsOf(detail: ModelDetail | null): Diagrams | null {
  const diagrams = part(detail?.manifest.assessment, "diagrams");
  const found: Diagrams = {
    reliability: rows(part(diagrams, "reliability"), ["predicted", "observed", "lower", "upper", "rows"]),
    roc: points(part(diagrams, "roc"), "false_positive_rate", "true_positive_rate"),
    precisionRecall: points(part(diagrams, "precision_recall"), "recall", "precision"),
    importances: rows(part(diagrams, "importances"), ["contribution", "gain"], "feature"),
  };
  return Object.values(found).every((list: readonly unknown[]) => list.length === 0) ? null : found;
}

function points(list: unknown, x: string, y: string): CurvePoint[] {
  return rows<Record<string, number>>(list, [x, y]).map((row) => ({ x: row[x]!, y: row[y]! }));
}

/** The entries of a list that have all of these numbers, and a name where one is asked for. */
function rows<R>(list: unknown, numbers: readonly string[], name?: string): R[] {
  if (!Array.isArray(list)) return [];
  return list.filter(
    (row: unknown) => numbers.every((key) => Number.isFinite(part(row, key))) && (name === undefined || typeof part(row, name) === "string"),
  ) as R[];
}
