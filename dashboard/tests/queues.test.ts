import assert from "node:assert/strict";
import { test } from "node:test";
import type { QuarantinedMessage, Queue, Queues, Route } from "../src/api/types";
import { ladder, noHistory, remember, seconds, span, total } from "../src/pages/queues/depths";
import { bodyText, byReason, failureText, keysOf, linesOf, mostIDs, planOf, stillThere } from "../src/pages/queues/requeue";
import { isBroken, sortedRoutes } from "../src/pages/queues/routes";

const queue = (name: string, depth: number | null, change: Partial<Queue> = {}): Queue => ({ name, kind: "retry", priority: null, delay: null, depth, ...change }) as Queue;
const sample = (at: number, ...queues: Queue[]): Queues => ({ at: new Date(at).toISOString(), sampled_at: new Date(at).toISOString(), queues }) as Queues;

test("depths are remembered by queue, a sample once, and not for ever", () => {
  let history = remember(noHistory, sample(1000, queue("a", 1)));
  assert.equal(remember(history, sample(1000, queue("a", 9))), history);
  history = remember(history, sample(3000, queue("a", 2), queue("b", null)));
  assert.deepEqual(history.byQueue.get("a"), [1, 2]);
  assert.deepEqual(history.byQueue.get("b"), [null, null]);
  assert.equal(span(history), 2);
  for (let at = 5; at < 500; at += 2) history = remember(history, sample(at * 1000, queue("a", at)));
  assert.equal(history.times.length, 90);
  assert.equal(history.byQueue.get("a")!.length, 90);
  assert.equal(history.byQueue.has("b"), false);
  assert.equal(remember(history, { ...sample(0), sampled_at: null, at: "never" } as Queues), history);
});

test("the ladder is a grid of priorities and delays in their order", () => {
  const rung = (priority: "high" | "low", delay: string, depth: number | null) => queue(`${priority}.${delay}`, depth, { priority, delay });
  const found = ladder([rung("low", "1h", 7), rung("low", "15s", null), rung("high", "24h", 2), queue("jobs", 900, { kind: "jobs" })]);
  assert.deepEqual(found.priorities, ["high", "low"]);
  assert.deepEqual(found.delays, ["15s", "1h", "24h"]);
  assert.equal(found.deepest, 7);
  assert.equal(found.cell("low", "1h")?.depth, 7);
  assert.equal(found.cell("high", "1h"), null);
  assert.equal(ladder([]).deepest, 1);
  assert.deepEqual(["500ms", "15s", "2m", "1h", "1d", "soon"].map(seconds), [0.5, 15, 120, 3600, 86_400, Infinity]);
});

test("what is not known is no zero", () => {
  assert.equal(total([null, null]), null);
  assert.equal(total([null, 3, 0]), 3);
});

let number = 0;
function message(change: Partial<QuarantinedMessage> = {}): QuarantinedMessage {
  number += 1;
  return {
    id: number.toString(16).padStart(32, "0"), reason: "not_json", detail: null, field: null, queue: "herald.jobs", at: null, message_id: null, content_type: null, size: 1,
    requeued: 0, requeueable: true, body: "{}", body_form: "text", truncated: false, hidden: false, ...change,
  };
}

test("a plan says what goes where, what stays and what came back before", () => {
  const plan = planOf([message(), message({ queue: "herald.outcomes.log" }), message({ requeued: 2 }), message({ requeueable: false, queue: null, requeued: 1 })]);
  assert.deepEqual(plan.targets, [{ queue: "herald.jobs", count: 2 }, { queue: "herald.outcomes.log", count: 1 }]);
  assert.equal(plan.stuck, 1);
  assert.equal(plan.returned, 1);
  assert.equal(plan.ids.length, 3);
});

test("a plan never holds more than the API takes", () => {
  const plan = planOf(Array.from({ length: mostIDs + 5 }, () => message()));
  assert.equal(plan.ids.length, mostIDs);
  assert.equal(plan.targets[0]!.count, mostIDs);
});

test("the result names each message, first those that need somebody", () => {
  const lines = linesOf({
    moved: 1, moved_ids: ["a"], failed: 1, failures: [{ id: "b", reason: "no_source" }], missing: ["c"], remaining: 3, complete: false, error: null, audited: true,
  });
  assert.deepEqual(lines.map((line) => [line.id, line.result]), [["b", "failed"], ["c", "missing"], ["a", "moved"]]);
  assert.match(lines[0]!.text, /which queue/);
  assert.equal(failureText("something_new"), "something new");
});

test("reasons are counted, the most frequent first", () => {
  assert.deepEqual(byReason([message(), message({ reason: "too_large" }), message()]), [{ reason: "not_json", count: 2 }, { reason: "too_large", count: 1 }]);
});

test("bodies are text as they came; only whole JSON is put into lines", () => {
  assert.equal(bodyText(message({ body: '{"a":1}' })), '{\n  "a": 1\n}');
  assert.equal(bodyText(message({ body: '{"a":1}', truncated: true })), '{"a":1}');
  assert.equal(bodyText(message({ body: "<script>alert(1)</script>" })), "<script>alert(1)</script>");
  assert.equal(bodyText(message({ body: "AAE=", body_form: "base64" })), "AAE=");
  assert.equal(bodyText(message({ body: null, body_form: null })), "");
});

test("picked is only what is still there; messages alike have keys of their own", () => {
  const [one, two] = [message(), message()];
  const picked = new Set([one.id, "gone"]);
  assert.deepEqual([...stillThere(picked, [one, two])], [one.id]);
  const kept = new Set([one.id]);
  assert.equal(stillThere(kept, [one, two]), kept);
  const twin = { ...one };
  assert.equal(new Set(keysOf([one, twin, two]).values()).size, 3);
});

test("broken routes come first", () => {
  const route = (provider: string, country: string | null, breaker: Route["breaker"], outcomes = 1): Route =>
    ({ provider, country, breaker, short: { outcomes } }) as Route;
  const routes = [route("a", null, "closed"), route("b", null, "open"), route("a", "DE", "half_open"), route("a", "FR", "closed", 5), route("b", "US", null, 9)];
  assert.deepEqual(sortedRoutes(routes, "providers").map((one) => one.provider), ["b", "a"]);
  assert.deepEqual(sortedRoutes(routes, "routes").map((one) => one.country), ["DE", "US", "FR"]);
  assert.deepEqual(sortedRoutes(routes, "broken").map((one) => one.country), [null, "DE"]);
  assert(!isBroken(route("c", null, null)));
});
