import assert from "node:assert/strict";
import { test } from "node:test";
import type { StreamMessage } from "../src/api/sse";
import { StreamParser } from "../src/api/sse";

const stream =
  "retry: 2000\n\n: heartbeat\n\nevent: decision\nid: a1\ndata: {\"one\":1}\n\nevent: queues\ndata: first\ndata: second\n\ndata:no space\r\n\r\nid\ndata\n\nevent: nothing\n\n";

function parse(pieces: string[]): { messages: StreamMessage[]; parser: StreamParser } {
  const parser = new StreamParser();
  return { messages: pieces.flatMap((piece) => parser.push(piece)), parser };
}

test("messages come out whole", () => {
  const { messages, parser } = parse([stream]);
  assert.deepEqual(messages, [
    { event: "decision", data: '{"one":1}', id: "a1" },
    { event: "queues", data: "first\nsecond", id: "a1" },
    { event: "message", data: "no space", id: "a1" },
    { event: "message", data: "", id: "" },
  ]);
  assert.equal(parser.retry, 2000);
});

test("however the stream is cut, the messages are the same", () => {
  const { messages: whole } = parse([stream]);
  for (let size = 1; size <= 23; size += 1) {
    const pieces: string[] = [];
    for (let at = 0; at < stream.length; at += size) pieces.push(stream.slice(at, at + size));
    assert.deepEqual(parse(pieces).messages, whole, `pieces of ${size}`);
  }
});

test("a half message of a lost connection is forgotten, its id is kept", () => {
  const parser = new StreamParser();
  parser.push("id: 7\ndata: whole\n\nevent: decision\ndata: hal");
  parser.reset();
  assert.deepEqual(parser.push("data: next\n\n"), [{ event: "message", data: "next", id: "7" }]);
});

test("a message without end is no way to fill the memory", () => {
  const parser = new StreamParser();
  const piece = `data: ${"x".repeat(1 << 20)}\n`;
  assert.throws(() => {
    for (let count = 0; count < 6; count += 1) parser.push(piece);
  }, RangeError);
});
