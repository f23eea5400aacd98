import assert from "node:assert/strict";
import { test } from "node:test";
import * as format from "../src/ui/format";

test("what is not known is a dash, whatever the unit", () => {
  for (const one of [format.count, format.compact, format.number, format.percent, format.points, format.rate, format.duration, format.delay, format.bytes]) {
    assert.equal(one(null), "–");
    assert.equal(one(undefined), "–");
    assert.equal(one(NaN), "–");
  }
  assert.equal(format.when("never"), "–");
  assert.equal(format.word(null), "–");
});

test("counts have separators, large ones are short", () => {
  assert.equal(format.count(1_234_567), "1,234,567");
  assert.equal(format.compact(9999), "9,999");
  assert.equal(format.compact(12_345), "12.3k");
  assert.equal(format.brief(999), "999");
  assert.equal(format.brief(4901), "4.9k");
  assert.equal(format.brief(123_456), "120k");
  assert.match(format.compact(1_234_567), /^1\.23m$/i);
});

test("shares are never rounded to all or nothing", () => {
  assert.equal(format.percent(0.6053), "60.5 %");
  assert.equal(format.percent(1), "100.0 %");
  assert.equal(format.percent(0.99999), "> 99.9 %");
  assert.equal(format.percent(0.00001), "< 0.1 %");
  assert.equal(format.percent(0), "0.0 %");
  assert.equal(format.percentRange(0.7391, 1), "73.9–100.0 %");
});

test("differences have a sign, and none where there is nothing", () => {
  assert.equal(format.points(0.0123), "+1.2 pp");
  assert.equal(format.points(-0.0123), "−1.2 pp");
  assert.equal(format.signed(-0.001, 1), "0.0");
});

test("rates and durations have the digits that they deserve", () => {
  assert.equal(format.rate(0), "0/s");
  assert.equal(format.rate(0.0421), "0.042/s");
  assert.equal(format.rate(28.44), "28.4/s");
  assert.equal(format.rate(1204.3), "1,204/s");
  assert.equal(format.duration(0), "0 s");
  assert.equal(format.duration(0.25), "250 ms");
  assert.equal(format.duration(1.54), "1.5 s");
  assert.equal(format.duration(59.4), "59 s");
  assert.equal(format.duration(59.7), "1 min");
  assert.equal(format.duration(125), "2 min 5 s");
  assert.equal(format.duration(3600), "1 h");
  assert.equal(format.duration(3599.7), "1 h");
  assert.equal(format.duration(86_399), "1 d");
  assert.equal(format.duration(100_000), "1 d 4 h");
  assert.equal(format.duration(-5), "−5 s");
  assert.equal(format.delay(0), "now");
  assert.equal(format.delay(900_000), "15 min");
  assert.equal(format.bytes(1536), "1.5 KiB");
});

test("times are told from now", () => {
  const now = Date.parse("2026-01-02T12:00:00Z");
  assert.equal(format.ago(now - 500, now), "just now");
  assert.equal(format.ago("2026-01-02T11:59:48Z", now), "12 s ago");
  assert.equal(format.ago("2026-01-02T12:05:00Z", now), "in 5 min");
});

test("the API's words become words", () => {
  assert.equal(format.word("give_up"), "give up");
  assert.equal(format.word("soft_bounce"), "soft bounce");
  assert.equal(format.featureName("since_last_attempt_s"), "since last attempt");
  assert.equal(format.featureName("provider_latency_ms_short"), "provider latency short");
});
