import assert from "node:assert/strict";
import { test } from "node:test";
import type { ModelDetail, ModelEvent, PredictionEntry } from "../src/api/types";
import { judged, rankingCurves, reliability, wilson } from "../src/pages/model/curves";
import { calibrationMap, difference, flaggedGaps, kindOf, pairedWith, probabilityShares, testSegments } from "../src/pages/model/figures";
import { union } from "../src/pages/model/history";
import { activeRun, emptyForm, orderOf, progressText } from "../src/pages/model/training";

const metric = (value: number, lower: number | null = null, upper: number | null = null) => ({ value, lower, upper });
const detail = (manifest: Record<string, unknown>): ModelDetail => ({ version: "v3", aliases: [], bytes: 1, history: [], manifest: manifest as never });
const near = (one: number, other: number, tolerance = 1e-9) => assert(Math.abs(one - other) <= tolerance, `${one} is not ${other}`);

test("a difference on the same rows has its own interval; better and worse go by the figure", () => {
  const compared = { metrics: {}, paired: { log_loss: metric(0.016, 0.014, 0.018), auc: metric(0.01, 0.002, 0.02), brier: metric(0.001, -0.001, 0.003), bias: metric(1, 0.5, 2) } };
  const verdict = (name: string) => difference(kindOf(name), {}, compared)?.verdict;
  assert.deepEqual(["log_loss", "auc", "brier", "bias"].map(verdict), ["worse", "better", "unclear", "none"]);
});

test("without common rows only intervals that do not touch say anything", () => {
  const compare = (one: ReturnType<typeof metric>, other: ReturnType<typeof metric>) =>
    difference(kindOf("log_loss"), { log_loss: one }, { metrics: { log_loss: other }, paired: null });
  assert.equal(compare(metric(0.5, 0.49, 0.51), metric(0.4, 0.39, 0.41))?.verdict, "better");
  assert.equal(compare(metric(0.5, 0.49, 0.51), metric(0.505, 0.495, 0.515))?.verdict, "unclear");
  assert.equal(compare(metric(0.5), metric(0.4))?.verdict, "unclear");
  assert.equal(compare(metric(0.5), metric(0.4))?.isPaired, false);
  assert.equal(difference(kindOf("log_loss"), {}, { metrics: {}, paired: null }), null);
});

test("the comparison called champion is that with the parent, and with no other", () => {
  const trained = detail({ parent_version: "v2", assessment: { comparisons: { champion: { differences: { auc: { value: 0.1, lower: 0, upper: 0.2 } } } } } });
  assert.deepEqual(pairedWith(trained, "v2"), { auc: metric(0.1, 0, 0.2) });
  assert.equal(pairedWith(trained, "v1"), null);
  assert.equal(pairedWith(detail({}), "v2"), null);
  assert.equal(pairedWith(null, "v2"), null);
});

test("manifests of other forms leave things out and break nothing", () => {
  for (const manifest of [{}, { assessment: [], calibration: 7, reference: { probability: { edges: [0.5], counts: [1] } } }, { assessment: { segments: "x", gaps: {} } }]) {
    assert.deepEqual(testSegments(detail(manifest)), {});
    assert.deepEqual(flaggedGaps(detail(manifest)), []);
    assert.deepEqual(calibrationMap(detail(manifest)), []);
    assert.deepEqual(probabilityShares(detail(manifest)), []);
  }
});

test("unequal bins become equal parts that hold all rows", () => {
  const shares = probabilityShares(detail({ reference: { probability: { edges: [0.25, 0.5, 0.5], counts: [10, 10, 20, 60] } } }), 4);
  assert.deepEqual(shares.map((one) => one.x), [0.125, 0.375, 0.625, 0.875]);
  [0.1, 0.1, 0.5, 0.3].forEach((share, index) => near(shares[index]!.y, share));
});

function row(probability: number | null, outcome: PredictionEntry["outcome"], change: Partial<PredictionEntry> = {}): PredictionEntry {
  return { action: "dispatch", probability, outcome, source: "stream", job_id: `${Math.random()}`, ...change } as PredictionEntry;
}

test("judged is what was sent by a model and has an outcome, each job once", () => {
  const rows = [
    row(0.5, "delivered", { job_id: "a" }), row(0.4, "delivered", { job_id: "a" }), row(0.5, "pending"), row(null, "failed"), row(0.9, "failed", { source: "shadow" }),
    row(0.9, "failed", { action: "retry" }), row(0.2, "failed"),
  ];
  assert.deepEqual(judged(rows), [{ probability: 0.5, isDelivered: true }, { probability: 0.2, isDelivered: false }]);
});

test("a reliability diagram has bins alike in size, with intervals that hold the share", () => {
  const list = Array.from({ length: 400 }, (_, index) => ({ probability: index / 400, isDelivered: index % 4 !== 0 }));
  const bins = reliability(list, 10);
  assert.equal(bins.length, 10);
  for (const bin of bins) {
    assert.equal(bin.count, 40);
    assert.equal(bin.observed, 0.75);
    assert(bin.low < 0.75 && bin.high > 0.75);
  }
  assert.equal(reliability(list.slice(0, 30)).length, 1);
  assert.equal(reliability([]).length, 0);
});

test("the score interval is Wilson's", () => {
  // R: binom::binom.confint(8, 10, methods = "wilson")
  near(wilson(8, 10).low, 0.4901625, 1e-6);
  near(wilson(8, 10).high, 0.9433178, 1e-6);
  assert.deepEqual(wilson(0, 0), { low: 0, high: 1 });
});

test("areas under the curves: perfect, useless, with ties, and by counting pairs", () => {
  const list = (...pairs: [number, boolean][]) => pairs.map(([probability, isDelivered]) => ({ probability, isDelivered }));
  near(rankingCurves(list([0.9, true], [0.8, true], [0.2, false]))!.auc, 1);
  near(rankingCurves(list([0.5, true], [0.5, false], [0.5, true]))!.auc, 0.5);
  near(rankingCurves(list([0.5, true], [0.5, false], [0.5, true]))!.prAUC, 2 / 3);
  const mixed = Array.from({ length: 300 }, (_, index) => ({ probability: ((index * 37) % 50) / 50, isDelivered: (index * 17) % 7 < 3 }));
  let [wins, pairs] = [0, 0];
  for (const one of mixed.filter((each) => each.isDelivered)) {
    for (const other of mixed.filter((each) => !each.isDelivered)) {
      pairs += 1;
      wins += one.probability > other.probability ? 1 : one.probability === other.probability ? 0.5 : 0;
    }
  }
  near(rankingCurves(mixed)!.auc, wins / pairs);
  assert.equal(rankingCurves(list([0.5, true])), null);
  assert(rankingCurves(Array.from({ length: 5000 }, (_, index) => ({ probability: index / 5000, isDelivered: index % 2 === 0 })))!.roc.length <= 160);
});

test("histories of versions are one, the newest first, each event once", () => {
  const event = (at: string, kind: string, to: string): ModelEvent => ({ at, kind, to, by: "x", alias: null, from: null, reason: "", forced: false });
  const [one, two, three] = [event("2026-01-01T00:00:00Z", "registered", "v1"), event("2026-01-03T00:00:00Z", "promoted", "v2"), event("2026-01-02T00:00:00Z", "registered", "v2")];
  assert.deepEqual(union([[one, two], [two, three]]), [two, three, one]);
});

test("an order holds what was typed and nothing else", () => {
  assert.deepEqual(orderOf(emptyForm), { order: { from: "mongodb", challenger: true } });
  assert.deepEqual(orderOf({ ...emptyForm, origin: "file", file: " a.csv ", trees: "80", eta: "0.1", since: "2026-01-01", reason: " why " }), {
    order: { from: "a.csv", challenger: true, trees: 80, eta: 0.1, reason: "why" },
  });
  const timed = orderOf({ ...emptyForm, since: "2026-01-01T00:00:00Z", until: "2026-01-02T00:00:00Z" });
  assert.deepEqual(timed, { order: { from: "mongodb", challenger: true, since: "2026-01-01T00:00:00.000Z", until: "2026-01-02T00:00:00.000Z" } });
});

test("what is wrong with an order is told at its field", () => {
  const wrong = orderOf({ ...emptyForm, trees: "0", max_depth: "3.5", eta: "2", version: "champion", since: "2026-01-02", until: "2026-01-01", seed: "x" });
  assert("problems" in wrong);
  assert.deepEqual(Object.keys(wrong.problems).sort(), ["eta", "max_depth", "seed", "trees", "until", "version"]);
  assert("problems" in orderOf({ ...emptyForm, origin: "file", file: " " }));
  assert("problems" in orderOf({ ...emptyForm, version: "../x" }));
});

test("the run that holds the slot is the one that is not over", () => {
  const run = (state: string) => ({ state }) as never;
  assert.equal(activeRun([run("succeeded"), run("cancelled")]), null);
  assert.deepEqual(activeRun([run("failed"), run("running")]), { state: "running" });
  assert.equal(progressText({ phase: "boosting", percent: 20, done: 1600 }), "Growing trees, 1,600 trees");
  assert.equal(progressText({ phase: "polishing", percent: 20, done: 3 }), "polishing");
});
