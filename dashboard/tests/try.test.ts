import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import type { Performance } from "../src/api/types";
import { calibrationBand } from "../src/pages/try/band";
import { curlCommand, quoted } from "../src/pages/try/curl";
import { curves, delaysOf } from "../src/pages/try/curves";
import { fieldNames, fieldOf, messageFor } from "../src/pages/try/fields";
import { jsonErrorAt } from "../src/pages/try/jsonErrorAt";
import { lineOf, listed, numeric, pretty, readPayload, shown, withField } from "../src/pages/try/payload";
import { samples } from "../src/pages/try/samples";

test("a payload is a job, a batch, an array, or a job a line", () => {
  const job = { job_id: "a" };
  assert.deepEqual(readPayload('{"job_id":"a"}').jobs, [job]);
  assert.deepEqual(readPayload('{"jobs":[{"job_id":"a"},{"job_id":"b"}]}').jobs.length, 2);
  assert.deepEqual(readPayload('[{"job_id":"a"}]').jobs, [job]);
  assert.deepEqual(readPayload('{"job_id":"a"}\n\n{"job_id":"b"}\n').jobs.length, 2);
});

test("what is no payload says so, and where", () => {
  for (const text of ["", "  ", "[]", "3", '"x"', "[1]", '{"jobs":[]}', "null"]) {
    const { jobs, problem } = readPayload(text);
    assert.deepEqual(jobs, []);
    assert(problem !== null && problem.length > 10, text);
  }
  assert.match(readPayload('{\n  "a": 1,\n  "b": }').problem ?? "", /line 3, column 8/);
  assert.match(readPayload('{"a":').problem ?? "", /no JSON/);
});

test("where a text stops being JSON is found wherever JSON.parse finds that it does", () => {
  const whole = '{"a": [1, -2.5e3, "x\\u00e9\\n", true, null, {}, []], "b": {"c": false}}';
  assert.equal(jsonErrorAt(whole), null);
  let seed = 1;
  const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
  for (let count = 0; count < 3000; count += 1) {
    const at = random(whole.length);
    const text = whole.slice(0, at) + '{}[]",:x1 \n\\'[random(12)] + whole.slice(at + random(3));
    let isJSON = true;
    try {
      JSON.parse(text);
    } catch {
      isJSON = false;
    }
    assert.equal(jsonErrorAt(text) === null, isJSON, text);
  }
  assert.equal(jsonErrorAt('{"a": 01}'), 7);
  assert.equal(jsonErrorAt('["a",'), 5);
});

test("fields are changed without harm to others", () => {
  const job = { job_id: "a", custom: { deep: [1] }, latency_ms: 3 };
  assert.deepEqual(withField(job, "latency_ms", ""), { job_id: "a", custom: { deep: [1] } });
  assert.deepEqual(withField(job, "provider", "x"), { ...job, provider: "x" });
  assert.equal(numeric(" 12.5 "), 12.5);
  assert.equal(numeric("12x"), "12x");
  assert.equal(numeric(""), "");
  assert.deepEqual(listed("a, b,,"), ["a", "b"]);
  assert.equal(listed(" , "), "");
  assert.equal(shown(["a", 5]), "a, 5");
  assert.equal(shown(null), "");
  assert.equal(lineOf(pretty({ a: 1, b: 2 }), "b"), 3);
  assert.equal(lineOf("{}", "b"), null);
});

test("every field of a sample has a control, and every sample is due now", () => {
  const now = Date.parse("2026-01-02T00:00:00Z");
  for (const sample of samples) {
    const job = sample.make(now);
    for (const name of Object.keys(job)) assert(fieldNames.has(name), `${sample.name}: ${name}`);
    assert.equal(job["send_time"], "2026-01-02T00:00:00Z");
  }
  assert.equal(new Set(samples.map((sample) => sample.name)).size, samples.length);
});

test("a problem is shown at its field, without the field's name twice", () => {
  assert.equal(fieldOf("providers[1]"), "providers");
  assert.equal(fieldOf("jobs.3.channel"), "jobs");
  assert.equal(fieldOf(null), null);
  assert.equal(messageFor("channel", "channel: is required"), "is required");
  assert.equal(messageFor("channel", "it is late"), "it is late");
});

test("a shell gets back exactly the text, whatever is in it", () => {
  for (const text of ["plain", "it's", "'", "''\\'$(id)`id`\"\n\\n !", "{\"a\": \"ü 😀\"}"]) {
    assert.equal(execFileSync("/bin/sh", ["-c", `printf %s ${quoted(text)}`], { encoding: "utf8" }), text);
  }
  const command = curlCommand("http://127.0.0.1:8300/predict?explain=exact", "{\"x\":\"it's\"}", true);
  assert.match(command, /\$HERALD_TOKEN/);
  assert(!curlCommand("http://h/predict", "{}", false).includes("Authorization"));
});

const figure = (value: number, upper: number | null) => ({ value, lower: null, upper });
const none = { precision: null, recall: null, f1: null, auc: null, pr_auc: null, log_loss: null, brier: null, ece: null, base_rate: null };
const counts = (matured: number) => ({ decisions: matured, matured, delivered: 0, pending: 0, unknown: 0, superseded: 0 });

function measured(segment: number | null, whole: number | null): Performance {
  return {
    model: { version: "v2", threshold: 0.4 }, generated_at: null, maturity_s: 3600, intervals: null, degraded: [],
    windows: {
      "1h": null, "24h": null,
      "7d": { from: "", until: "", truncated: false, counts: counts(500), figures: { ...none, ece: whole === null ? null : figure(whole, whole + 0.01) } },
    },
    segments: {
      window: "7d",
      by: {
        channel: [{ group: "sms", counts: counts(200), figures: { ...none, ece: segment === null ? null : figure(segment, null) } }], provider: [],
        template_type: [], country: [],
      },
    },
  };
}

test("the band comes from the nearest evidence there is", () => {
  const asked = { probability: 0.6, model: "v2" };
  const near = (band: ReturnType<typeof calibrationBand>) => band && [band.low.toFixed(3), band.high.toFixed(3)];
  assert.deepEqual(near(calibrationBand(asked, "sms", measured(0.05, 0.02), null)), ["0.550", "0.650"]);
  assert.deepEqual(near(calibrationBand(asked, "push", measured(0.05, 0.02), null)), ["0.570", "0.630"]);
  const test = { ece: { value: 0.005, upper: 0.006 } };
  assert.deepEqual(near(calibrationBand(asked, "sms", measured(null, null), test)), ["0.594", "0.606"]);
  assert.match(calibrationBand({ ...asked, model: "v3" }, "sms", measured(0.05, 0.02), test)?.basis ?? "", /v3's test period/);
  assert.equal(calibrationBand(asked, "sms", null, null), null);
  assert.equal(calibrationBand({ probability: null, model: "v2" }, "sms", measured(0.05, 0.02), test), null);
  assert.equal(calibrationBand({ probability: 0.99, model: "v2" }, "sms", measured(0.05, 0.02), null)?.high, 1);
});

test("the band is of attempts with about this probability, where there are enough", () => {
  const bin = (predicted: number, observed: number, rows: number) => ({ predicted, observed, lower: observed - 0.02, upper: observed + 0.03, rows });
  const asked = { probability: 0.6, model: "v2" };
  const shown = (band: ReturnType<typeof calibrationBand>) => band && [band.low.toFixed(3), band.high.toFixed(3)];
  const live = (rows: number, model = "v2"): Performance => {
    const whole = measured(0.05, 0.02);
    return { ...whole, model: { version: model, threshold: 0.4 }, windows: { ...whole.windows, "7d": { ...whole.windows["7d"]!, reliability: [bin(0.2, 0.2, 9000), bin(0.55, 0.52, rows), bin(0.9, 0.9, 9000)] } } };
  };
  const test = { ece: { value: 0.005, upper: 0.006 }, reliability: [bin(0.4, 0.4, 900), bin(0.62, 0.63, 1234)] };
  // 3 points too high in the group around it, whose interval goes from 5 below to the prediction itself.
  assert.deepEqual(shown(calibrationBand(asked, "sms", live(200), test)), ["0.550", "0.600"]);
  assert.match(calibrationBand(asked, "sms", live(200), test)!.basis, /^Of 200 attempts .* last 7 days, 52\.0 % were delivered, 55\.0 % were predicted: −3\.0 pp \(95 %: −5\.0 to 0\.0 pp\)\.$/);
  assert.deepEqual(shown(calibrationBand(asked, "sms", live(199), test)), ["0.590", "0.640"]);
  assert.match(calibrationBand(asked, "sms", live(199), test)!.basis, /1,234 attempts .* v2's test period/);
  assert.match(calibrationBand(asked, "sms", live(9000, "v1"), test)!.basis, /test period/);
  assert.match(calibrationBand(asked, "sms", live(199), { ece: test.ece })!.basis, /^On average over all probabilities/);
  assert.equal(calibrationBand({ probability: 0.99, model: "v2" }, "sms", live(9000), test)?.high, 1);
});

test("a curve for each provider, over the delay", () => {
  const action = (provider: string, delay_ms: number, probability: number) => ({ provider, delay_ms, probability, utility: 1, propensity: 0 });
  const actions = [action("b", 60_000, 0.5), action("b", 0, 0.4), action("a", 0, 0.3)];
  const lines = curves(actions, "probability");
  assert.deepEqual(lines.map((line) => line.key), ["b", "a"]);
  assert.deepEqual(lines[0]!.points, [{ x: 0, y: 0.4 }, { x: 60, y: 0.5 }]);
  assert.notEqual(lines[0]!.dash, lines[1]!.dash);
  assert.deepEqual(delaysOf(actions), [0, 60]);
});
