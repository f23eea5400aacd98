import assert from "node:assert/strict";
import { test } from "node:test";
import type { DecisionSummary, DeliveryFigures, Queue, Queues, Route } from "../src/api/types";
import { attention } from "../src/pages/overview/attention";
import { basis, figures } from "../src/pages/overview/comparison";
import { delaySeconds, flowOf, shade, thickness } from "../src/pages/overview/flow";
import { isPeriod, summaryPath } from "../src/pages/overview/period";
import { Pulse } from "../src/pages/overview/pulse";
import { gridOf, heat, isFalling } from "../src/pages/overview/routes";

function queue(kind: Queue["kind"], change: Partial<Queue> = {}): Queue {
  return {
    name: `herald.${kind}`, kind, priority: null, delay: null, depth: 0, unacknowledged: 0, consumers: 1, age_s: null, publish_per_s: 0, deliver_per_s: 0,
    ack_per_s: 0, net_per_s: 0, window_s: 30, ...change,
  };
}

function route(provider: string, country: string | null, change: Partial<Route> = {}): Route {
  const health = { success_rate: 0.8, throttle_rate: 0, outcomes: 100, latency_ms: 900 };
  return {
    provider, country, short: health, long: health, since_success_s: 1, breaker: "closed", admitted_share: 1, opened_at: null, half_open_at: null, price: 0,
    capacity_per_s: null, ...change,
  };
}

function queues(list: Queue[], routes: Route[] = [], degraded: Queues["degraded"] = []): Queues {
  return {
    at: "2026-01-02T00:00:00Z", degraded, sampled_at: null, rates_from: "management", totals: { depth: 0, jobs: 0, dispatch: 0, retry: 0, quarantine: 0 },
    queues: list, routes, routes_total: routes.length, destinations: [], destinations_total: 0,
  };
}

const titles = (state: Queues) => attention(state).map((matter) => `${matter.tone}: ${matter.title}`);

test("a system that is well needs no attention", () => {
  const calm = queues(
    [queue("jobs", { depth: 40, age_s: 2 }), queue("dispatch", { priority: "high" }), queue("retry", { depth: 900, age_s: 800, consumers: 0 }),
      queue("outcomes_log"), queue("spool", { consumers: 0 }), queue("quarantine", { consumers: 0 }), queue("undeliverable", { depth: 5, consumers: 0 })],
    [route("sm-a", null), route("sm-a", "DE")],
  );
  assert.deepEqual(titles(calm), []);
});

test("what is wrong is told, the worst first", () => {
  const state = queues(
    [queue("quarantine", { depth: 1, age_s: 90, consumers: 0 }), queue("spool", { depth: 7 }), queue("jobs", { consumers: 0, depth: 12 }),
      queue("dispatch", { priority: "low", depth: 3, consumers: 0 })],
    [route("sm-a", null, { breaker: "open" }), route("sm-b", "DE", { breaker: "half_open" })], ["management"],
  );
  assert.deepEqual(titles(state), [
    "bad: No scorer takes jobs", "bad: No worker takes low dispatches", "bad: sm-a: the circuit breaker is open", "warn: 1 message in quarantine",
    "warn: Log records wait in the spool", "warn: sm-b in DE: the circuit breaker is half open", "info: Rates and ages are missing",
  ]);
});

test("a provider that is broken stands for its countries", () => {
  const open = { breaker: "open" as const };
  const state = queues([], [route("sm-a", "DE", open), route("sm-a", null, open), route("sm-b", "US", open), route("sm-b", null)]);
  const [matter] = attention(state);
  assert.equal(matter?.title, "2 circuit breakers are open");
  assert.match(matter?.detail ?? "", /^sm-a, sm-b in US: /);
});

test("jobs that wait are told after a minute, a falling route on enough evidence", () => {
  assert.deepEqual(titles(queues([queue("jobs", { depth: 5, age_s: 59 })])), []);
  assert.deepEqual(titles(queues([queue("jobs", { depth: 5, age_s: 61, net_per_s: 3 })])), ["warn: Jobs wait to be decided"]);
  const low = { success_rate: 0.5, throttle_rate: 0.3, outcomes: 29, latency_ms: null };
  assert.deepEqual(titles(queues([], [route("em-a", null, { short: low })])), []);
  assert.deepEqual(titles(queues([], [route("em-a", null, { short: { ...low, outcomes: 30 } })])), [
    "warn: em-a delivers less than usual", "warn: em-a throttles",
  ]);
});

const known: DeliveryFigures = {
  decisions: 7200, attempts: 4000, examined: 4000, known: 3900, delivered_share: { value: 0.75, low: 0.74, high: 0.76 },
  on_time_share: { value: 0.99, low: 0.985, high: 0.995 }, median_time_to_delivery_s: 1, cost_per_delivery: 0.1,
};

function summary(period: Partial<DeliveryFigures>, before: Partial<DeliveryFigures>): DecisionSummary {
  return {
    from: "2026-01-02T10:00:00Z", to: "2026-01-02T11:00:00Z", step_s: 60, buckets: [], period: { ...known, ...period }, day_before: { ...known, ...before },
  };
}

test("figures are better or worse than yesterday only where they differ for sure", () => {
  const end = Date.parse("2026-01-02T11:00:00Z");
  const of = (change: Partial<DeliveryFigures>) => Object.fromEntries(figures(summary(change, {}), end).map((figure) => [figure.key, figure.comparison]));
  assert.equal(of({})["delivered"]!.direction, "same");
  assert.equal(of({ delivered_share: { value: 0.77, low: 0.755, high: 0.78 } })["delivered"]!.direction, "same");
  const better = of({ delivered_share: { value: 0.78, low: 0.77, high: 0.79 }, median_time_to_delivery_s: 1.5 });
  assert.deepEqual(better["delivered"], { direction: "better", change: "+3.0 pp", before: "75.0 % yesterday" });
  assert.deepEqual(better["time"], { direction: "worse", change: "+50 %", before: "1 s yesterday" });
  assert.equal(better["rate"]!.direction, "same");
  assert.equal(of({ median_time_to_delivery_s: 3 })["time"]!.change, "× 3");
});

test("without a yesterday it is said, and nothing is compared", () => {
  const nothing = { ...known, decisions: 0, attempts: 0, delivered_share: null, on_time_share: null, median_time_to_delivery_s: null, cost_per_delivery: null };
  for (const figure of figures({ ...summary({}, {}), day_before: nothing }, Date.now())) {
    assert.equal(figure.comparison.change, null);
    assert.equal(figure.comparison.before, "no decisions in the same hours yesterday");
  }
});

test("what the figures rest on is said", () => {
  assert.equal(basis(known), "Shares, time and cost rest on 3,900 attempts with an outcome.");
  assert.match(basis({ ...known, attempts: 90_000, examined: 5000 }), /a sample of 90,000 attempts/);
  assert.match(basis({ ...known, known: 0 }), /No attempt/);
});

test("the rate is over the time that has passed, not over the rest of the last bucket", () => {
  const half = figures(summary({ decisions: 1800 }, {}), Date.parse("2026-01-02T10:30:00Z"));
  assert.equal(half[0]!.value, "1/s");
});

test("a period ends now and begins with a whole bucket", () => {
  const now = Date.parse("2026-01-02T11:07:33Z");
  assert.equal(summaryPath("1h", now), "decisions/summary?from=2026-01-02T10%3A08%3A00.000Z&step=60");
  assert.equal(isPeriod("1h"), true);
  assert.equal(isPeriod("toString"), false);
});

test("queues become the line that a job walks, and unknown stays unknown", () => {
  const flow = flowOf(
    queues([
      queue("jobs", { depth: 3, ack_per_s: 9 }), queue("retry", { priority: "low", delay: "1h", depth: 4, age_s: 50 }),
      queue("retry", { priority: "low", delay: "15s", depth: 2, age_s: 9 }), queue("retry", { priority: "high", delay: "15s", depth: null }),
      queue("quarantine", { depth: null, publish_per_s: null }),
    ]),
  );
  assert.deepEqual(flow.delays, ["15s", "1h"]);
  assert.equal(flow.ladder.depth, 6);
  assert.equal(flow.ladder.oldest, 50);
  assert.equal(flow.quarantine.depth, null);
  assert.equal(flow.quarantine.inflow, null);
  assert.equal(flow.decided, 9);
  assert.deepEqual(flow.steps[2]!.cells.map((cell) => cell.depth), [2, 4]);
  assert.equal(delaySeconds("15m"), 900);
  assert.equal(delaySeconds("soon"), Infinity);
});

test("lines and cells grow with what is there, within bounds", () => {
  assert.equal(thickness(null), 1);
  assert(thickness(10) > thickness(1) && thickness(1e12) <= 14);
  assert.equal(shade(0), 0);
  assert(shade(100) > shade(10) && shade(1e12) === 1);
});

test("the grid has providers by name and countries by weight", () => {
  const heavy = { success_rate: 0.5, throttle_rate: 0, outcomes: 5000, latency_ms: null };
  const grid = gridOf([route("b", "DE"), route("a", "US", { long: heavy }), route("a", null), route("a", "DE")]);
  assert.deepEqual(grid.rows.map((row) => row.provider), ["a", "b"]);
  assert.deepEqual(grid.countries, ["US", "DE"]);
  assert.equal(grid.rows[1]!.whole, undefined);
  assert.equal(isFalling(route("a", null, { short: { ...heavy, outcomes: 9 } })), false);
  assert.equal(isFalling(route("a", null, { short: { ...heavy, outcomes: 10 } })), true);
  assert.notEqual(heat(0.2), heat(0.8));
});

test("the pulse counts by second and forgets what is old", () => {
  const pulse = new Pulse(4, 10_000);
  pulse.add("dispatch", 2);
  pulse.advance(11_200);
  pulse.add("retry");
  pulse.advance(10_000);
  assert.deepEqual(pulse.whole, { dispatch: [0, 0, 2], retry: [0, 0, 0], give_up: [0, 0, 0] });
  pulse.advance(12_000);
  assert.deepEqual(pulse.whole.retry, [0, 0, 1]);
  assert.equal(pulse.begin, 9000);
  pulse.advance(99_000);
  assert.deepEqual(pulse.whole.dispatch, [0, 0, 0]);
});
