import type { EventFilter } from "../../api/events";
import { actionKinds, channels, outcomeStates, priorities, statuses, templates } from "../../api/types";
import type { DecisionReason, PredictionEntry, Source } from "../../api/types";

/** What `GET /predictions` filters by: the same names stand in the page's link. */
export const filterNames = [
  "channel", "provider", "country", "action", "outcome", "template", "priority", "reason", "model", "policy", "source", "notification_id", "job_id",
  "from", "to",
] as const;
export type FilterName = (typeof filterNames)[number];
export type Filter = Partial<Record<FilterName, string>>;

export const reasons: readonly DecisionReason[] = [
  "best_utility", "exploration", "probe", "last_chance", "not_worthwhile", "not_due", "expired", "permanent_failure", "already_delivered",
  "attempts_exhausted", "circuit_open", "rate_limited", "retry_budget", "no_model", "latency_budget",
];
export const sources: readonly Source[] = ["stream", "api", "shadow"];

/** Choices of the filters that have a closed list. */
export const choices: Partial<Record<FilterName, readonly string[]>> = {
  channel: channels, action: actionKinds, template: templates, priority: priorities, reason: reasons, source: sources,
  outcome: [...outcomeStates, ...statuses.filter((status) => status !== "none" && status !== "delivered")],
};

export function filterOf(query: URLSearchParams): Filter {
  const filter: Filter = {};
  for (const name of filterNames) {
    const value = query.get(name)?.trim();
    if (value) filter[name] = value;
  }
  return filter;
}

/** What of a filter the stream of events can do itself; `passes` does the rest. */
export function eventFilter(filter: Filter): EventFilter {
  const known = (name: "channel" | "action") => (choices[name]!.includes(filter[name] ?? "") ? filter[name] : undefined);
  return {
    kinds: ["decision", "outcome"],
    channel: known("channel"),
    action: known("action"),
    provider: filter.provider !== undefined && filter.provider.length <= 32 ? filter.provider : undefined,
    country: filter.country !== undefined && /^[A-Z]{2}$/.test(filter.country) ? filter.country : undefined,
  };
}

/** Whether a decision that came live belongs to the list; what its outcome must be is not looked at. */
export function isAbout(row: PredictionEntry, filter: Filter): boolean {
  for (const name of filterNames) {
    const wanted = filter[name];
    if (wanted === undefined || name === "outcome") continue;
    if (name === "from") {
      if (Date.parse(row.decided_at) < Date.parse(wanted)) return false;
    } else if (name === "to") {
      if (Date.parse(row.decided_at) >= Date.parse(wanted)) return false;
    } else if (row[name] !== wanted) return false;
  }
  return true;
}

/** Whether what became of it is what is asked for: a state, or a status that one of the outcomes has. */
export function hasOutcome(row: PredictionEntry, wanted: string | undefined): boolean {
  if (wanted === undefined) return true;
  return row.outcome === wanted || row.outcomes.some((outcome) => outcome.status === wanted);
}

/** What `GET /predictions` takes. */
export function listParameters(filter: Filter, limit: number, cursor: string | null): Record<string, string | number | null> {
  return { ...filter, limit, cursor };
}

/** The parameter that shows what is as old as this row or older: one millisecond on, for `to` is exclusive and others may share the moment. */
export function upTo(row: PredictionEntry): string {
  return new Date(Date.parse(row.decided_at) + 1).toISOString();
}

/** Where a text that was typed into the search goes: a decision's id is a place, anything else a filter. */
export function searchTarget(text: string): { decision: string } | { filter: "notification_id" | "job_id"; value: string } | null {
  const value = text.trim();
  if (value === "") return null;
  if (/^[0-9a-f]{32}$/.test(value)) return { decision: value };
  // Jobs are named after their notification and the attempt: `n-17.0`.
  return /\.[0-9]+$/.test(value) ? { filter: "job_id", value } : { filter: "notification_id", value };
}
