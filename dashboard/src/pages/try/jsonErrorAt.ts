const space = /[ \t\n\r]*/y;
const scalar = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null/y;

/**
 * Where a text stops being JSON: the index of the first character that cannot stand there; its length where it ends too early; null = it is JSON.
 *
 * Browsers tell it in ways of their own, or not at all.
 */
export function jsonErrorAt(text: string): number | null {
  let at = 0;
  const skip = () => {
    space.lastIndex = at;
    space.exec(text);
    at = space.lastIndex;
  };
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) return false;
    at = pattern.lastIndex;
    return true;
  };
  const open: ("{" | "[")[] = [];
  /** What may come next: a value, a member's name (or the end, where it is the first), or what follows a value. */
  let next: "value" | "first" | "name" | "after" = "value";
  for (;;) {
    skip();
    const character = text[at];
    if (next === "after") {
      const inside = open[open.length - 1];
      if (inside === undefined) return at === text.length ? null : at;
      if (character === ",") next = inside === "{" ? "name" : "value";
      else if (character === (inside === "{" ? "}" : "]")) open.pop();
      else return at;
      at += 1;
      continue;
    }
    if (next === "first" && character === (open[open.length - 1] === "{" ? "}" : "]")) {
      open.pop();
      at += 1;
      next = "after";
      continue;
    }
    if (next === "name" || (next === "first" && open[open.length - 1] === "{")) {
      if (character !== '"' || !take(scalar)) return at;
      skip();
      if (text[at] !== ":") return at;
      at += 1;
      next = "value";
      continue;
    }
    if (character === "{" || character === "[") {
      open.push(character);
      at += 1;
      next = "first";
    } else if (take(scalar)) {
      next = "after";
    } else {
      return at;
    }
  }
}
