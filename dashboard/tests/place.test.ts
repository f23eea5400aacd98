import assert from "node:assert/strict";
import { test } from "node:test";
import { withQuery } from "../src/api/client";
import { link, parsePlace } from "../src/app/router";

test("a link leads to the place that it was made of", () => {
  const hash = link(["predictions", "a/b c"], { channel: "sms", country: "", provider: null, job_id: "x&y=z", limit: 5 });
  assert.equal(hash, "#/predictions/a%2Fb%20c?channel=sms&job_id=x%26y%3Dz&limit=5");
  const place = parsePlace(hash);
  assert.equal(place.page, "predictions");
  assert.deepEqual(place.rest, ["a/b c"]);
  assert.deepEqual([...place.query.entries()], [["channel", "sms"], ["job_id", "x&y=z"], ["limit", "5"]]);
});

test("whatever stands in the address, there is a place", () => {
  assert.equal(parsePlace("").page, "");
  assert.equal(parsePlace("#").page, "");
  assert.equal(parsePlace("#/%E0%A4%A").page, "%E0%A4%A");
  assert.equal(parsePlace("#predictions").page, "predictions");
  assert.equal(link(""), "#/");
});

test("parameters without a value are not sent", () => {
  assert.equal(withQuery("predictions", { channel: undefined, limit: 0, outcome: "" }), "predictions?limit=0");
  assert.equal(withQuery("queues", {}), "queues");
});
