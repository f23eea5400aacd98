import { jsonErrorAt } from "./jsonErrorAt";

/** A payload as it was typed, pasted or uploaded: the text is the truth, the form shows what is in it. */

export type Fields = Record<string, unknown>;

export interface Payload {
  jobs: Fields[];
  /** What is wrong with the text. */
  problem: string | null;
}

/** Most of an uploaded file that is looked at: what the sidecar takes as a batch. */
export const largestFile = 4 << 20;

/** Reads one job, `{"jobs": […]}`, an array of jobs, or a job a line. */
export function readPayload(text: string): Payload {
  if (text.trim() === "") return { jobs: [], problem: "There is nothing here: type or paste a job, choose a sample, or drop a file." };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return readLines(text) ?? { jobs: [], problem: describe(text) };
  }
  const list = Array.isArray(value) ? value : isFields(value) && Array.isArray(value["jobs"]) && !("job_id" in value) ? value["jobs"] : [value];
  if (list.length === 0) return { jobs: [], problem: "There is no job in it." };
  if (!list.every(isFields)) return { jobs: [], problem: "A job is one JSON object: { … }." };
  return { jobs: list as Fields[], problem: null };
}

function readLines(text: string): Payload | null {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  if (lines.length < 2) return null;
  const jobs: Fields[] = [];
  for (const line of lines) {
    try {
      const value: unknown = JSON.parse(line);
      if (!isFields(value)) return null;
      jobs.push(value);
    } catch {
      return null;
    }
  }
  return { jobs, problem: null };
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function describe(text: string): string {
  const at = jsonErrorAt(text);
  if (at === null) return "This is no JSON.";
  if (at >= text.trimEnd().length) return "This is no JSON: it ends too early.";
  const before = text.slice(0, at);
  return `This is no JSON from line ${before.split("\n").length}, column ${before.length - before.lastIndexOf("\n")} on.`;
}

/** A job with one field changed; an empty text takes the field away. */
export function withField(job: Fields, name: string, value: unknown): Fields {
  const changed = { ...job };
  if (value === "" || value === undefined) delete changed[name];
  else changed[name] = value;
  return changed;
}

/** A number where the text is one; else the text, about which the sidecar will have something to say. */
export function numeric(text: string): unknown {
  const trimmed = text.trim();
  return /^-?[0-9]+(\.[0-9]+)?$/.test(trimmed) && Number.isFinite(Number(trimmed)) ? Number(trimmed) : trimmed;
}

/** `a, b` → ["a", "b"] */
export function listed(text: string): unknown {
  const parts = text.split(",").map((part) => part.trim()).filter((part) => part !== "");
  return parts.length === 0 ? "" : parts;
}

/** A field's value as text for its control. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map((one) => (typeof one === "string" ? one : JSON.stringify(one))).join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** The line of a JSON text on which a field stands, from 1; null = it is not there. */
export function lineOf(text: string, field: string): number | null {
  const index = text.split("\n").findIndex((line) => line.includes(`${JSON.stringify(field)}:`));
  return index < 0 ? null : index + 1;
}

export function pretty(job: Fields): string {
  return JSON.stringify(job, null, 2);
}
