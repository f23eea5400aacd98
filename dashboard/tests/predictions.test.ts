import assert from "node:assert/strict";
import { test } from "node:test";
import type { LiveEvent } from "../src/api/events";
import type { DecisionEvent, OutcomeEvent, PredictionEntry, Status } from "../src/api/types";
import { curves, ranked, timeline } from "../src/pages/predictions/attempts";
import { featureText, vocabularies } from "../src/pages/predictions/features";
import { eventFilter, filterOf, hasOutcome, isAbout, listParameters, searchTarget, upTo } from "../src/pages/predictions/filters";
import { entryOf, noRows, release, rowsShown, shown, take, takePage } from "../src/pages/predictions/liveRows";

const begin = Date.parse("2026-11-23T12:00:00.000Z");

/** The decision of so many milliseconds after the beginning. */
function decided(number: number, change: Partial<DecisionEvent> = {}): DecisionEvent {
  return {
    id: number.toString(16).padStart(32, "0"), job_id: `n-${number}.0`, notification_id: `n-${number}`, decided_at: new Date(begin + number).toISOString(), source: "stream",
    channel: "sms", provider: "sm-a", recipient_country: "DE", template_type: "otp", action: "dispatch", priority: "high", reason: "best_utility", probability: 0.7,
    delay_ms: 0, model: "v2", policy: "utility", ...change,
  };
}

const decision = (number: number, change: Partial<DecisionEvent> = {}): LiveEvent => ({ kind: "decision", data: decided(number, change) });
const entry = (number: number, change: Partial<DecisionEvent> = {}): PredictionEntry => ({ ...entryOf(decided(number, change)), propensity: 1, previous_attempts: 0 });

function outcome(number: number, status: Status = "delivered"): LiveEvent {
  const data: OutcomeEvent = {
    job_id: `n-${number}.0`, notification_id: `n-${number}`, attempted_at: new Date(begin + number).toISOString(), occurred_at: new Date(begin + number + 500).toISOString(),
    channel: "sms", provider: "sm-a", recipient_country: "DE", template_type: "otp", status, response_code: null, latency_ms: 500,
  };
  return { kind: "outcome", data };
}

const ids = (rows: readonly PredictionEntry[]) => rows.map((row) => Number.parseInt(row.decision_id, 16));

test("filters come from the link, without what is empty or of no meaning", () => {
  const filter = filterOf(new URLSearchParams("channel=sms&provider=&cursor=abc&country=DE&to=2026-11-23T12:00:00Z&nonsense=1"));
  assert.deepEqual(filter, { channel: "sms", country: "DE", to: "2026-11-23T12:00:00Z" });
  assert.deepEqual(listParameters(filter, 50, "abc"), { ...filter, limit: 50, cursor: "abc" });
});

test("the stream is asked for no more than it takes; the rest is sorted out here", () => {
  assert.deepEqual(eventFilter({ channel: "pigeon", country: "Germany", action: "dispatch", provider: "x".repeat(33), priority: "high" }), {
    kinds: ["decision", "outcome"], channel: undefined, action: "dispatch", provider: undefined, country: undefined,
  });
  assert(isAbout(entry(1), { channel: "sms", priority: "high", template: "otp", country: "DE", model: "v2" }));
  for (const filter of [{ channel: "email" }, { priority: "low" }, { template: "alert" }, { notification_id: "n-2" }, { reason: "expired" }]) assert(!isAbout(entry(1), filter));
  assert(isAbout(entry(1000), { from: new Date(begin + 1000).toISOString() }));
  assert(!isAbout(entry(1000), { to: new Date(begin + 1000).toISOString() }));
});

test("an outcome is asked for as a state or as a status", () => {
  const failed = { ...entry(1), outcome: "failed" as const, outcomes: [{ ...outcome(1, "soft_bounce").data } as never] };
  assert(hasOutcome(failed, "failed") && hasOutcome(failed, "soft_bounce") && hasOutcome(failed, undefined));
  assert(!hasOutcome(failed, "delivered") && !hasOutcome(failed, "timeout"));
});

test("the next page begins with all of the last row's moment: none is passed over", () => {
  assert.equal(upTo(entry(41)), new Date(begin + 42).toISOString());
});

test("what is typed into the search is a decision, a job or a notification", () => {
  assert.deepEqual(searchTarget("  "), null);
  assert.deepEqual(searchTarget(` ${"a1".repeat(16)} `), { decision: "a1".repeat(16) });
  assert.deepEqual(searchTarget("order-7.2"), { filter: "job_id", value: "order-7.2" });
  assert.deepEqual(searchTarget("<b>x</b>"), { filter: "notification_id", value: "<b>x</b>" });
});

test("rows come in the order of time, each once, and never more than are shown", () => {
  let state = take(noRows, [decision(1), decision(3), decision(2)], {}, false);
  assert.deepEqual(ids(state.rows), [3, 2, 1]);
  state = take(state, [decision(2), decision(4)], {}, false);
  assert.deepEqual(ids(state.rows), [4, 3, 2, 1]);
  assert.equal(state.received, 4);
  state = take(state, Array.from({ length: 500 }, (_, index) => decision(10 + index)), {}, false);
  assert.equal(state.rows.length, rowsShown);
  assert.equal(ids(state.rows)[0], 509);
});

test("a held list stays as it is, counts what waits and shows it at once when it is let go", () => {
  let state = take(noRows, [decision(1)], {}, false);
  state = take(state, [decision(2), decision(3), outcome(1)], {}, true);
  assert.deepEqual(ids(state.rows), [1]);
  assert.equal(state.rows[0]!.outcome, "delivered");
  assert.equal(shown(state, {}).waiting, 2);
  state = release(state, {});
  assert.deepEqual(ids(state.rows), [3, 2, 1]);
  assert.equal(shown(state, {}).waiting, 0);
});

test("more may wait than there is room for: the count stays right, and no hole is left in the list", () => {
  let state = take(noRows, [decision(1)], {}, false);
  for (let batch = 0; batch < 30; batch += 1) state = take(state, Array.from({ length: 10 }, (_, index) => decision(100 + batch * 10 + index)), {}, true);
  assert.equal(state.waiting.length, rowsShown);
  assert.equal(shown(state, {}).waiting, 300);
  state = release(state, {});
  assert.equal(state.rows.length, rowsShown);
  assert.equal(Math.min(...ids(state.rows)), 400 - rowsShown);
});

test("outcomes find their decision whichever comes first, and the others are not drawn again", () => {
  let state = take(noRows, [decision(1), decision(2)], {}, false);
  const untouched = state.rows.find((row) => row.job_id === "n-1.0");
  state = take(state, [outcome(2, "timeout"), outcome(3)], {}, false);
  assert.equal(state.rows[0]!.outcome, "failed");
  assert.equal(state.rows[1], untouched);
  state = take(state, [decision(3)], {}, false);
  assert.equal(state.rows[0]!.outcome, "delivered");
  const before = state.rows;
  assert.equal(take(state, [outcome(2, "timeout")], {}, false).rows, before);
});

test("a list of outcomes is fed by decisions of which nothing was known", () => {
  const filter = { outcome: "delivered" };
  let state = take(noRows, Array.from({ length: 200 }, (_, index) => decision(index + 1)), filter, false);
  assert.equal(shown(state, filter).rows.length, 0);
  state = take(state, [outcome(5), outcome(6, "rejected")], filter, false);
  assert.deepEqual(ids(shown(state, filter).rows), [5]);
});

test("a page fills what the stream did not bring; where both share nothing the older rows go", () => {
  let state = take(noRows, [decision(10)], {}, false);
  state = takePage(state, [entry(11), entry(10), entry(9)], {}, false);
  assert.deepEqual(ids(state.rows), [11, 10, 9]);
  assert.equal(state.rows[1]!.previous_attempts, 0);
  state = takePage(state, [entry(30), entry(29)], {}, false);
  assert.deepEqual(ids(state.rows), [30, 29]);
});

test("a page that comes while the list is held waits too, without what is older than the list", () => {
  let state = take(noRows, [decision(10)], {}, false);
  state = takePage(state, [entry(12), entry(10), entry(3)], {}, true);
  assert.deepEqual(ids(state.rows), [10]);
  assert.deepEqual(ids(state.waiting), [12]);
});

test("lost events are told until a page has come", () => {
  let state = take(noRows, [{ kind: "dropped", data: { count: 3, reason: "slow" } }], {}, false);
  assert.equal(state.missing, 3);
  state = take(state, [{ kind: "dropped", data: { count: null, reason: "slow" } }], {}, false);
  assert.equal(state.missing, null);
  assert.equal(takePage(state, [], {}, false).missing, 0);
});

test("a timeline has each outcome once, before the decision that knew it, and folds the waits on the ladder", () => {
  const at = (seconds: number) => new Date(begin + seconds * 1000).toISOString();
  const one = (id: string, seconds: number, attempts: number, change: Partial<PredictionEntry> = {}): PredictionEntry => ({
    ...entry(1), decision_id: id, job_id: `n.${attempts}`, decided_at: at(seconds), previous_attempts: attempts, ...change,
  });
  const timeout = { status: "timeout" as const, provider: "sm-a", response_code: null, latency_ms: 1000, attempted_at: at(10), occurred_at: at(90) };
  const history = [
    one("a", 0, 0, { action: "retry", outcomes: [timeout] }), one("b", 10, 0, { outcomes: [timeout] }), one("c", 20, 1, { action: "retry" }),
    one("d", 30, 1, { action: "retry", reason: "not_due" }), one("e", 40, 1, { action: "retry", reason: "not_due" }), one("f", 50, 1, { reason: "not_due" }),
  ];
  const items = timeline({ decision_id: "f", job_id: "n.1", job: { created_at: at(0), expires_at: at(3600) }, history });
  assert.deepEqual(items.map((item) => item.kind), ["created", "decision", "decision", "outcome", "decision", "waits", "decision", "expiry"]);
  const waits = items.find((item) => item.kind === "waits");
  assert.deepEqual(waits, { kind: "waits", at: at(30), until: at(40), count: 2 });
  const last = items[6]!;
  assert(last.kind === "decision" && last.isThis && last.attempt === 2);
});

test("actions are lines by provider over the delay; the chosen one leads the table", () => {
  const action = (provider: string, delay_ms: number, utility: number | null, chosen = false) => ({ provider, delay_ms, probability: 0.5, utility, chosen });
  const actions = [action("b", 60, 1), action("a", 60, 3), action("a", 0, null), action("b", 0, 2, true)];
  assert.deepEqual(curves(actions).map((curve) => [curve.provider, ...curve.actions.map((one) => one.delay_ms)]), [["a", 0, 60], ["b", 0, 60]]);
  assert.deepEqual(ranked(actions).map((one) => one.utility), [2, 3, 1, null]);
});

test("features are told in the model's words, whatever the manifest holds", () => {
  const words = vocabularies({ features: [{ name: "channel", vocabulary: ["email", "sms"] }, { name: "age_s" }, null, 7] });
  assert.equal(featureText({ name: "channel", value: 1 }, words), "sms");
  assert.equal(featureText({ name: "channel", value: 9 }, words), "unknown (9)");
  assert.equal(featureText({ name: "age_s", value: 12.5 }, words), "12.5");
  assert.equal(featureText({ name: "age_s", value: null }, words), "missing");
  assert.equal(vocabularies({ features: "none" }).size + vocabularies(undefined).size, 0);
});
