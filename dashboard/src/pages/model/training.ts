import type { RunState, TrainingOrder, TrainingRunSummary } from "../../api/types";

/** What the form holds: all text, as it was typed. */
export interface TrainingForm {
  origin: "mongodb" | "file";
  file: string;
  since: string;
  until: string;
  version: string;
  reason: string;
  isChallenger: boolean;
  trees: string;
  patience: string;
  max_depth: string;
  eta: string;
  seed: string;
  resamples: string;
}

export const emptyForm: TrainingForm = {
  origin: "mongodb", file: "notifications.csv", since: "", until: "", version: "", reason: "", isChallenger: true, trees: "", patience: "", max_depth: "",
  eta: "", seed: "", resamples: "",
};

const limits = {
  trees: [1, 10_000], patience: [1, 1000], max_depth: [1, 16], eta: [0.001, 1], seed: [0, 4_294_967_295], resamples: [0, 2000],
} as const;
export type NumberField = keyof typeof limits;
export const numberFields = Object.keys(limits) as NumberField[];

export type FormProblems = Partial<Record<keyof TrainingForm | "from", string>>;

/** The order that the form asks for, or what is wrong with it, by field; the same limits as the API's. */
export function orderOf(form: TrainingForm): { order: TrainingOrder } | { problems: FormProblems } {
  const problems: FormProblems = {};
  const order: TrainingOrder = { from: form.origin === "mongodb" ? "mongodb" : form.file.trim(), challenger: form.isChallenger };
  if (form.origin === "file" && order.from === "") problems.file = "Name a CSV file below the data folder.";
  if (form.origin === "mongodb") {
    for (const name of ["since", "until"] as const) {
      if (form[name] === "") continue;
      const moment = Date.parse(form[name]);
      if (Number.isNaN(moment)) problems[name] = "This is no time.";
      else order[name] = new Date(moment).toISOString();
    }
    if (order.since && order.until && order.since >= order.until) problems.until = "This must be later than the beginning.";
  }
  const version = form.version.trim();
  if (version !== "") {
    if (!/^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/.test(version)) problems.version = "Letters, digits, dot, dash and underscore; 64 at most.";
    else if (["none", "champion", "challenger"].includes(version)) problems.version = "This word has a meaning of its own.";
    else order.version = version;
  }
  if (form.reason.trim() !== "") order.reason = form.reason.trim();
  for (const name of numberFields) {
    if (form[name].trim() === "") continue;
    const value = Number(form[name]);
    const [low, high] = limits[name];
    if (!Number.isFinite(value) || value < low || value > high || (name !== "eta" && !Number.isInteger(value))) {
      problems[name] = `${name === "eta" ? "A number" : "A whole number"} from ${low} to ${high}.`;
    } else order[name] = value;
  }
  return Object.keys(problems).length > 0 ? { problems } : { order };
}

export function isOver(state: RunState): boolean {
  return state === "succeeded" || state === "failed" || state === "cancelled";
}

/** The run that holds the slot. */
export function activeRun<R extends TrainingRunSummary>(runs: readonly R[]): R | null {
  return runs.find((run) => !isOver(run.state)) ?? null;
}

const phases: Record<string, string> = {
  surveying: "Surveying the data", reading: "Reading rows", tuning: "Trying parameters", boosting: "Growing trees", comparing: "Comparing with the champion",
  calibrating: "Calibrating", evaluating: "Measuring on the test rows", explaining: "Explaining", finishing: "Writing the artifact",
};
const units: Record<string, string> = { reading: "rows", tuning: "trials", boosting: "trees", evaluating: "resamples" };

/** What a run does now, in words. */
export function progressText(progress: { phase: string; percent: number; done: number }): string {
  const unit = units[progress.phase];
  return `${phases[progress.phase] ?? progress.phase}${unit !== undefined && progress.done > 0 ? `, ${progress.done.toLocaleString("en-GB")} ${unit}` : ""}`;
}
