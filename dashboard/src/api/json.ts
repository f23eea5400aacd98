type Json = Record<string, unknown>;

export function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A member of what may be an object; undefined = there is none. */
export function part(value: unknown, key: string): unknown {
  return isRecord(value) ? value[key] : undefined;
}
