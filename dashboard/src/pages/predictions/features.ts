import { number, unknown } from "../../ui/format";

export type Vocabularies = ReadonlyMap<string, readonly string[]>;

/** The words of a model's categorical features, from the schema of its manifest; what is not of the expected form has none. */
export function vocabularies(schema: Record<string, unknown> | undefined): Vocabularies {
  const found = new Map<string, readonly string[]>();
  const features = schema?.["features"];
  if (!Array.isArray(features)) return found;
  for (const feature of features as { name?: unknown; vocabulary?: unknown }[]) {
    if (typeof feature?.name !== "string" || !Array.isArray(feature.vocabulary)) continue;
    found.set(feature.name, feature.vocabulary.map(String));
  }
  return found;
}

/** A feature's value: the word of a category, a number, or that it is missing. */
export function featureText(feature: { name: string; value: number | null }, words: Vocabularies): string {
  if (feature.value === null) return "missing";
  const vocabulary = words.get(feature.name);
  if (vocabulary !== undefined) return vocabulary[feature.value] ?? `unknown (${feature.value})`;
  return Number.isFinite(feature.value) ? number(feature.value, 5) : unknown;
}
