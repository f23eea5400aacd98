import assert from "node:assert/strict";
import { test } from "node:test";
import { bandPath, bentScale, between, linearScale, linePath, nearest, niceDomain, niceTicks, runs, timeTicks } from "../src/charts/scale";

test("scales go there and back", () => {
  const scales = [linearScale(-3, 9, 40, 400), bentScale(10, 0, 86_400, 40, 400)];
  const values = [[-3, 0, 4.5, 9], [0, 15, 60, 3600, 86_400]];
  scales.forEach((scale, index) => {
    for (const value of values[index]!) assert(Math.abs(scale.invert(scale(value)) - value) < 1e-6 * Math.max(1, value), `${value}`);
  });
  assert.equal(scales[1]!(0), 40);
  assert.equal(Math.round(scales[1]!(86_400)), 400);
});

test("ticks are round, lie in the range, and are about as many as wanted", () => {
  assert.deepEqual(niceTicks(0, 1, 5), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(niceTicks(0, 8000, 4), [0, 2000, 4000, 6000, 8000]);
  for (const [low, high] of [[0, 0.003], [-7, 7], [1e6, 1.3e6], [0.1, 0.3]] as const) {
    const ticks = niceTicks(low, high, 5);
    assert(ticks.length >= 2 && ticks.length <= 9, `${low} to ${high}: ${ticks.join()}`);
    assert(ticks.every((tick) => tick >= low - 1e-9 && tick <= high + 1e-9));
  }
  assert.deepEqual(niceTicks(3, 3), [3]);
});

test("a domain holds everything and ends on round values", () => {
  const [low, high] = niceDomain([0.31, 7.7], 4, [0]);
  assert(low <= 0 && high >= 7.7);
  assert.deepEqual(niceDomain([]), [0, 1]);
  assert.deepEqual(niceDomain([0, 0]), [0, 1]);
  assert.deepEqual(niceDomain([4, 4]), [0, 5]);
});

test("times are ticked at round minutes and hours", () => {
  const begin = Date.UTC(2026, 0, 2, 10, 7);
  const ticks = timeTicks(begin, begin + 3_600_000, 8);
  assert(ticks.length >= 4 && ticks.length <= 8);
  assert(ticks.every((tick) => tick % 600_000 === 0));
  assert.deepEqual(timeTicks(5, 5), []);
});

test("the nearest place is found", () => {
  assert.equal(nearest([10, 20, 40], 31), 2);
  assert.equal(nearest([10, 20, 40], 29), 1);
  assert.equal(nearest([10, 20, 40], -5), 0);
  assert.equal(nearest([10], 99), 0);
});

test("a line has a gap where a value is missing", () => {
  assert.equal(linePath([{ x: 0, y: 1 }, { x: 1, y: 2 }, { x: 2, y: null }, { x: 3, y: 4 }]), "M0 1L1 2M3 4");
  assert.equal(linePath([{ x: 0, y: NaN }]), "");
  assert.equal(bandPath([{ x: 0, low: 3, high: 1 }, { x: 2, low: 4, high: 0 }]), "M0 1L2 0L2 4L0 3Z");
});

test("a line is known between its points, and nowhere else", () => {
  const line = [{ x: 0, y: 0 }, { x: 0, y: 0.4 }, { x: 1, y: 0.8 }, { x: 2, y: null }, { x: 3, y: 1 }];
  assert.deepEqual([0, 0.5, 1, 1.5, 2.5, 3, 4].map((x) => between(line, x)?.toFixed(2) ?? null), ["0.40", "0.60", "0.80", null, null, "1.00", null]);
  assert.equal(between(line, -1), null);
  assert.equal(between([], 0), null);
});

test("what is missing parts a line into runs", () => {
  const points = [{ x: 0, y: null }, { x: 1, y: 1 }, { x: 2, y: 2 }, { x: 3, y: NaN }, { x: 4, y: 4 }];
  assert.deepEqual(runs(points).map((run) => run.map(({ x }) => x)), [[1, 2], [4]]);
  assert.deepEqual(runs([]), []);
});
