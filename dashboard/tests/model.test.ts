import assert from "node:assert/strict";
import { test } from "node:test";
import { diagramsOf } from "../src/api/diagrams";
import { ApiProblem } from "../src/api/problem";
import type { ModelDetail, ModelEvent, PerformanceStep } from "../src/api/types";
import { calibrationMap, difference, flaggedGaps, kindOf, pairedWith, probabilityShares, testSegments } from "../src/pages/model/figures";
import { union } from "../src/pages/model/history";
import { importanceRows } from "../src/pages/model/importance";
import { refusalOf } from "../src/pages/model/refusal";
import { maturedAt, pointsOver } from "../src/pages/model/series";
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

const bin = (predicted: number, observed: number, rows: number) => ({ predicted, observed, lower: observed - 0.02, upper: observed + 0.02, rows });

test("diagrams of an artifact are read as they are written", () => {
  const diagrams = {
    reliability: [bin(0.1, 0.12, 900), bin(0.8, 0.79, 900)], roc: [{ false_positive_rate: 0, true_positive_rate: 0 }, { false_positive_rate: 1, true_positive_rate: 1 }],
    precision_recall: [{ recall: 0.5, precision: 0.9 }], importances: [{ feature: "hour", contribution: 0.4, gain: 0.2 }],
  };
  assert.deepEqual(diagramsOf(detail({ assessment: { diagrams } })), {
    reliability: diagrams.reliability, roc: [{ x: 0, y: 0 }, { x: 1, y: 1 }], precisionRecall: [{ x: 0.5, y: 0.9 }], importances: diagrams.importances,
  });
});

test("an artifact without diagrams has none, and what is of another form is left out", () => {
  for (const assessment of [undefined, {}, { diagrams: [] }, { diagrams: { roc: 7, reliability: [{ predicted: "x" }], importances: [{ contribution: 1, gain: 1 }] } }]) {
    assert.equal(diagramsOf(detail({ assessment })), null);
  }
  assert.equal(diagramsOf(null), null);
  const mixed = diagramsOf(detail({ assessment: { diagrams: { roc: [{ false_positive_rate: 0.5, true_positive_rate: 0.7 }, { false_positive_rate: null, true_positive_rate: 1 }] } } }));
  assert.deepEqual(mixed, { reliability: [], roc: [{ x: 0.5, y: 0.7 }], precisionRecall: [], importances: [] });
});

test("importances of two models stand side by side, the largest first", () => {
  const list = (...entries: [string, number, number][]) => entries.map(([feature, contribution, gain]) => ({ feature, contribution, gain }));
  const models = [list(["hour", 0.5, 0.1], ["size", 0.2, 0.6]), list(["age", 0.4, 0.2], ["hour", 0.1, 0.5])];
  assert.deepEqual(importanceRows(models, "contribution"), [
    { feature: "hour", values: [0.5, 0.1] }, { feature: "age", values: [null, 0.4] }, { feature: "size", values: [0.2, null] },
  ]);
  assert.deepEqual(importanceRows(models, "gain").map((row) => row.feature), ["size", "hour", "age"]);
});

test("a figure over time keeps its gaps: steps that are missing and steps that are too small", () => {
  const figure = (value: number) => ({ value, lower: value - 0.01, upper: value + 0.01 });
  const step = (from: number, value: number | null, matured = 50): PerformanceStep => ({
    from: new Date(from * 1000).toISOString(), until: new Date((from + 300) * 1000).toISOString(),
    counts: { decisions: 90, matured, delivered: 20, pending: 40, unknown: 0, superseded: 0 },
    figures: { auc: value === null ? null : figure(value), log_loss: null, ece: null, base_rate: null },
  });
  const series = { step_s: 300, points: [step(0, 0.7), step(300, 0.8), step(600, null, 3), step(1500, 0.9)] };
  assert.deepEqual(pointsOver(series, "auc").map(({ x, y }) => [x / 1000, y]), [[150, 0.7], [450, 0.8], [750, null], [1200, null], [1650, 0.9]]);
  assert.deepEqual(pointsOver(series, "auc")[0], { x: 150_000, y: 0.7, low: 0.7 - 0.01, high: 0.7 + 0.01 });
  assert.equal(maturedAt(series).get(750_000), 3);
  assert.deepEqual(pointsOver({ step_s: 300, points: [] }, "auc"), []);
});

test("a refusal that force helps is told without the hint how; others are told as they are", () => {
  const problem = (status: number, detail: string, field: string | null) => new ApiProblem("conflict", status, "This cannot be done now", detail, field);
  const reason = "v1 and v2 were evaluated on different rows, so their figures cannot be compared; train again with v2 as parent";
  assert.equal(refusalOf(problem(409, `${reason}; with "force": true it is promoted all the same`, "force")), `${reason}.`);
  assert.equal(refusalOf(problem(409, reason, "force")), `${reason}.`);
  for (const detail of ["v1 is the champion already", "the artifact is broken: model.ubj is cut short (truncated)"]) assert.equal(refusalOf(problem(409, detail, null)), null);
  assert.equal(refusalOf(problem(422, "force must be true or false", "force")), null);
  assert.equal(refusalOf(null), null);
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
