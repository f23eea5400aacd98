import assert from "node:assert/strict";
import { test } from "node:test";
import { pauseAfter } from "../src/api/poll";
import { problemOf } from "../src/api/problem";
import { whyNot } from "../src/api/session";

test("a problem document is told in plain words", () => {
  const text = '{"type":"urn:herald:problem:invalid-job","title":"The job is not valid","status":422,"detail":"channel: is required","field":"channel","request_id":"r1"}';
  const problem = problemOf(422, text, null);
  assert.equal(problem.kind, "invalid-job");
  assert.equal(problem.field, "channel");
  assert.equal(problem.requestID, "r1");
  assert.equal(problem.plainly, "Channel: is required");
  assert.equal(problem.isPassing, false);
});

test("an overloaded sidecar says when to come back", () => {
  const problem = problemOf(503, '{"type":"urn:herald:problem:overloaded","detail":"256 requests are being answered"}', "7");
  assert.equal(problem.retryAfter, 7);
  assert.match(problem.plainly, /in 7 s/);
  assert.equal(problem.isPassing, true);
});

test("what is no problem document is one all the same", () => {
  for (const text of ["", "<html>Bad Gateway</html>", "[1]", "null"]) {
    const problem = problemOf(502, text, "soon");
    assert.equal(problem.kind, "malformed");
    assert.equal(problem.retryAfter, null);
    assert.equal(problem.isPassing, true);
  }
  assert.equal(problemOf(401, "", null).kind, "unauthenticated");
});

test("failures are followed by longer and longer pauses, up to a minute", () => {
  assert.equal(pauseAfter(1, 5000, null), 10_000);
  assert.equal(pauseAfter(2, 5000, null), 20_000);
  assert.equal(pauseAfter(50, 5000, null), 60_000);
  assert.equal(pauseAfter(1, 5000, 45), 45_000);
  assert.equal(pauseAfter(50, 5000, null, true), 10_000);
});

test("what needs a role that the caller has not is refused with the reason", () => {
  const nobody = { token: null, locked: null, isAsking: false, caller: null, refused: [] };
  assert.equal(whyNot(nobody, "admin"), null);
  assert.match(whyNot({ ...nobody, refused: ["admin"] }, "admin") ?? "", /role admin/);
  assert.match(whyNot({ ...nobody, caller: { name: "eve", roles: ["read"] } }, "train") ?? "", /'eve'/);
  assert.equal(whyNot({ ...nobody, caller: { name: "root", roles: ["admin"] } }, "train"), null);
});
