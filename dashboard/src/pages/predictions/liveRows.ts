import type { LiveEvent } from "../../api/events";
import type { DecisionEvent, OutcomeEvent, OutcomeState, PredictionEntry, PredictionOutcome } from "../../api/types";
import type { Filter } from "./filters";
import { hasOutcome, isAbout } from "./filters";

/** Rows in the document at a time. */
export const rowsShown = 50;
/** Rows that are kept where only those with a certain outcome are shown: most get theirs a while after they came. */
const rowsKept = 600;
/** Outcomes that came before their decision, or for decisions that are not in the list. */
const outcomesKept = 400;
/** Outcomes of a job that are listed, as in `GET /predictions`. */
const outcomesListed = 20;

export interface LiveRows {
  /** The newest first. */
  rows: readonly PredictionEntry[];
  /** What came while the list was held, the newest first; bounded like `rows`. */
  waiting: readonly PredictionEntry[];
  /** How many more came than `waiting` has room for. */
  overflow: number;
  /** Decisions that came live and passed the filter. */
  received: number;
  /** Events that are missing; null = nobody knows how many. 0 = none. */
  missing: number | null;
  early: readonly OutcomeEvent[];
}

export const noRows: LiveRows = { rows: [], waiting: [], overflow: 0, received: 0, missing: 0, early: [] };

/** A decision as the stream tells it, in the form of the list: nothing is known yet of what comes of it. */
export function entryOf(event: DecisionEvent): PredictionEntry {
  const { id, recipient_country, template_type, ...rest } = event;
  return {
    ...rest, decision_id: id, country: recipient_country, template: template_type, propensity: NaN, previous_attempts: NaN,
    outcome: event.action === "give_up" ? "not_attempted" : "pending", outcomes: [],
  };
}

/** What the list calls the state of a decision with these outcomes. */
export function stateOf(row: PredictionEntry, outcomes: readonly PredictionOutcome[]): OutcomeState {
  if (outcomes.length === 0) return row.action === "give_up" ? "not_attempted" : "pending";
  return outcomes.some((outcome) => outcome.status === "delivered") ? "delivered" : "failed";
}

/** The row with one more outcome; the same row if it is known already. */
export function withOutcome(row: PredictionEntry, event: OutcomeEvent): PredictionEntry {
  const isKnown = row.outcomes.some((outcome) => outcome.occurred_at === event.occurred_at && outcome.status === event.status);
  if (isKnown) return row;
  const { status, provider, response_code, latency_ms, attempted_at, occurred_at } = event;
  const outcomes = [...row.outcomes, { status, provider, response_code, latency_ms, attempted_at, occurred_at }].slice(-outcomesListed);
  return { ...row, outcomes, outcome: stateOf(row, outcomes) };
}

/** How many rows are kept under a filter. */
export function capacity(filter: Filter): number {
  return filter.outcome === undefined ? rowsShown : rowsKept;
}

/** Takes all events of a frame. While the list is held, what it shows stays in its place: new rows wait, outcomes are filled in. */
export function take(state: LiveRows, events: readonly LiveEvent[], filter: Filter, isHeld: boolean): LiveRows {
  const fresh: PredictionEntry[] = [];
  const outcomes: OutcomeEvent[] = [];
  let missing: number | null = state.missing;
  for (const event of events) {
    if (event.kind === "decision") {
      const entry = entryOf(event.data);
      if (isAbout(entry, filter)) fresh.push(entry);
    } else if (event.kind === "outcome") outcomes.push(event.data);
    else if (event.kind === "dropped") missing = missing === null || event.data.count === null ? null : missing + event.data.count;
  }
  if (fresh.length === 0 && outcomes.length === 0 && missing === state.missing) return state;
  const known = new Set([...state.rows, ...state.waiting].map((row) => row.decision_id));
  const added = fresh.filter((row) => !known.has(row.decision_id) && known.add(row.decision_id));
  const early = [...state.early, ...outcomes].slice(-outcomesKept);
  const most = capacity(filter);
  const filled = { ...state, early, missing, received: state.received + added.length };
  const settle = settler(added.length > 0 ? early : outcomes);
  if (isHeld) {
    const waiting = merge(state.waiting, added);
    return {
      ...filled, rows: settle(state.rows), waiting: settle(bounded(waiting, most)), overflow: state.overflow + Math.max(0, waiting.length - most),
    };
  }
  return { ...filled, rows: settle(bounded(merge(state.rows, added), most)) };
}

/** A page of the list, asked for at the beginning and whenever events may have been missed. */
export function takePage(state: LiveRows, page: readonly PredictionEntry[], filter: Filter, isHeld: boolean): LiveRows {
  const newer = new Map(page.map((row) => [row.decision_id, row]));
  const settle = settler(state.early);
  const fresh = (row: PredictionEntry) => newer.get(row.decision_id) ?? row;
  const known = new Set([...state.rows, ...state.waiting].map((row) => row.decision_id));
  const added = page.filter((row) => !known.has(row.decision_id));
  const most = capacity(filter);
  if (isHeld && state.rows.length > 0) {
    // What is older than what is shown is not news.
    const newest = state.rows[0]!;
    const waiting = merge(state.waiting.map(fresh), added.filter((row) => isNewer(row, newest)));
    return {
      ...state, missing: 0, rows: settle(state.rows.map(fresh)), waiting: settle(bounded(waiting, most)),
      overflow: state.overflow + Math.max(0, waiting.length - most),
    };
  }
  // A page that shares nothing with what is there leaves a hole between: what is older than it goes.
  const oldest = page[page.length - 1];
  const hasHole = oldest !== undefined && added.length === page.length;
  const before = hasHole ? state.rows.filter((row) => isNewer(row, oldest)) : state.rows.map(fresh);
  return { ...state, missing: 0, rows: settle(bounded(merge(before, added), most)) };
}

/** Shows what waited. */
export function release(state: LiveRows, filter: Filter): LiveRows {
  if (state.waiting.length === 0 && state.overflow === 0) return state;
  // Where more came than there is room for, the rows before are parted from the new ones by a hole: they go.
  const before = state.overflow > 0 ? [] : state.rows;
  return { ...state, rows: merge(before, state.waiting).slice(0, capacity(filter)), waiting: [], overflow: 0 };
}

/** What is shown, and how many wait, under a filter of outcomes. */
export function shown(state: LiveRows, filter: Filter): { rows: readonly PredictionEntry[]; waiting: number } {
  if (filter.outcome === undefined) return { rows: state.rows.slice(0, rowsShown), waiting: state.waiting.length + state.overflow };
  const fits = (row: PredictionEntry) => hasOutcome(row, filter.outcome);
  return { rows: state.rows.filter(fits).slice(0, rowsShown), waiting: state.waiting.filter(fits).length };
}

function bounded(rows: readonly PredictionEntry[], most: number): readonly PredictionEntry[] {
  return rows.length > most ? rows.slice(0, most) : rows;
}

function isNewer(one: PredictionEntry, other: PredictionEntry): boolean {
  return order(one, other) < 0;
}

/** The newest first; ids, which are hashes, where the moment is the same: the order of `GET /predictions`. */
function order(one: PredictionEntry, other: PredictionEntry): number {
  if (one.decided_at !== other.decided_at) return Date.parse(other.decided_at) - Date.parse(one.decided_at);
  return one.decision_id < other.decision_id ? 1 : -1;
}

/** Both, in order. What comes live is nearly always newer than all that is there, so it is put in front where that is true. */
function merge(rows: readonly PredictionEntry[], added: readonly PredictionEntry[]): readonly PredictionEntry[] {
  if (added.length === 0) return rows;
  const sorted = [...added].sort(order);
  if (rows.length === 0 || order(sorted[sorted.length - 1]!, rows[0]!) < 0) return [...sorted, ...rows];
  return [...sorted, ...rows].sort(order);
}

/** Fills outcomes into rows; rows without news stay the same objects, so that they are not drawn again. */
function settler(events: readonly OutcomeEvent[]): (rows: readonly PredictionEntry[]) => readonly PredictionEntry[] {
  if (events.length === 0) return (rows) => rows;
  const byJob = new Map<string, OutcomeEvent[]>();
  for (const event of events) {
    const found = byJob.get(event.job_id);
    if (found === undefined) byJob.set(event.job_id, [event]);
    else found.push(event);
  }
  return (rows) => {
    let isChanged = false;
    const filled = rows.map((row) => {
      const after = (byJob.get(row.job_id) ?? []).reduce(withOutcome, row);
      isChanged ||= after !== row;
      return after;
    });
    return isChanged ? filled : rows;
  };
}
