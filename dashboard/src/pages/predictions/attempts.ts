import type { PredictionEntry, PredictionOutcome } from "../../api/types";

export type TimelineItem =
  | { kind: "created"; at: string }
  | { kind: "decision"; at: string; entry: PredictionEntry; attempt: number; isThis: boolean }
  /** Decisions in a row that only found the job not due yet: it goes down the retry ladder. */
  | { kind: "waits"; at: string; until: string; count: number }
  | { kind: "outcome"; at: string; outcome: PredictionOutcome; jobID: string; isThis: boolean }
  | { kind: "expiry"; at: string };

interface Notification {
  decision_id: string;
  job_id: string;
  job: { created_at: string; expires_at: string | null };
  history: readonly PredictionEntry[];
}

/**
 * What happened to a notification, in the order of time: its decisions, what became of each attempt, and when it expires.
 *
 * Clocks of providers may be a little ahead: an outcome stands before the decision on the next attempt, which was made knowing it.
 */
export function timeline(detail: Notification): TimelineItem[] {
  const items: TimelineItem[] = [{ kind: "created", at: detail.job.created_at }];
  const placed = new Map<TimelineItem, number>();
  const told = new Set<string>();
  for (const entry of detail.history) {
    items.push({ kind: "decision", at: entry.decided_at, entry, attempt: entry.previous_attempts + 1, isThis: entry.decision_id === detail.decision_id });
    for (const outcome of entry.outcomes) {
      // Two decisions on one job, such as wait and then send, have the same outcomes.
      const key = `${entry.job_id} ${outcome.occurred_at} ${outcome.status}`;
      if (told.has(key)) continue;
      told.add(key);
      const item: TimelineItem = { kind: "outcome", at: outcome.occurred_at, outcome, jobID: entry.job_id, isThis: entry.job_id === detail.job_id };
      const next = detail.history.filter((later) => later.previous_attempts > entry.previous_attempts).map((later) => Date.parse(later.decided_at));
      placed.set(item, Math.min(Date.parse(outcome.occurred_at), ...next.map((moment) => moment - 0.5)));
      items.push(item);
    }
  }
  if (detail.job.expires_at !== null) items.push({ kind: "expiry", at: detail.job.expires_at });
  const rank = { created: 0, decision: 1, waits: 1, outcome: 2, expiry: 3 };
  const place = (item: TimelineItem) => placed.get(item) ?? Date.parse(item.at);
  return folded(items.sort((one, other) => place(one) - place(other) || rank[one.kind] - rank[other.kind]));
}

/** Puts decisions that found the job not due together, but for the one that is looked at. */
function folded(items: readonly TimelineItem[]): TimelineItem[] {
  const list: TimelineItem[] = [];
  for (const item of items) {
    const isWait = item.kind === "decision" && item.entry.reason === "not_due" && !item.isThis;
    const last = list[list.length - 1];
    if (!isWait) list.push(item);
    else if (last?.kind === "waits") list[list.length - 1] = { ...last, until: item.at, count: last.count + 1 };
    else list.push({ kind: "waits", at: item.at, until: item.at, count: 1 });
  }
  return list;
}

/** The chosen action first, then the most useful ones; what was not scored last. */
export function ranked<A extends ConsideredAction & { chosen: boolean }>(actions: readonly A[]): A[] {
  return [...actions].sort((one, other) => Number(other.chosen) - Number(one.chosen) || (other.utility ?? -Infinity) - (one.utility ?? -Infinity));
}

interface ConsideredAction {
  provider: string;
  delay_ms: number;
  probability: number | null;
  utility: number | null;
}

/** The actions as lines over the delay, one a provider. */
export function curves<A extends ConsideredAction>(actions: readonly A[]): { provider: string; actions: A[] }[] {
  const byProvider = new Map<string, A[]>();
  for (const action of actions) byProvider.set(action.provider, [...(byProvider.get(action.provider) ?? []), action]);
  return [...byProvider.entries()]
    .map(([provider, list]) => ({ provider, actions: list.sort((one, other) => one.delay_ms - other.delay_ms) }))
    .sort((one, other) => one.provider.localeCompare(other.provider));
}
