import type { Importance } from "../../api/diagrams";

export type ImportanceKind = "contribution" | "gain";

export interface ImportanceRow {
  feature: string;
  /** For each model; null = it does not use the feature. */
  values: (number | null)[];
}

/** The features of the models side by side, the most important one for any of them first. */
export function importanceRows(models: readonly (readonly Importance[])[], kind: ImportanceKind): ImportanceRow[] {
  const features = [...new Set(models.flatMap((one) => one.map(({ feature }) => feature)))];
  const largest = (row: ImportanceRow) => Math.max(...row.values.map((value) => value ?? 0));
  return features
    .map((feature) => ({ feature, values: models.map((one) => one.find((entry) => entry.feature === feature)?.[kind] ?? null) }))
    .sort((one, other) => largest(other) - largest(one));
}
