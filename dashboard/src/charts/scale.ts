/** Maps values to pixels. */
export interface Scale {
  (value: number): number;
  invert(pixel: number): number;
}

export function linearScale(from: number, to: number, begin: number, end: number): Scale {
  const span = to - from || 1;
  const scale = ((value: number) => begin + ((value - from) / span) * (end - begin)) as Scale;
  scale.invert = (pixel) => from + ((pixel - begin) / (end - begin || 1)) * span;
  return scale;
}

/** Logarithmic from `unit` on and linear below, so that zero has a place: for delays from now to a day. */
export function bentScale(unit: number, from: number, to: number, begin: number, end: number): Scale {
  const bend = (value: number) => Math.log1p(Math.max(0, value) / unit);
  const inner = linearScale(bend(from), bend(to), begin, end);
  const scale = ((value: number) => inner(bend(value))) as Scale;
  scale.invert = (pixel) => Math.expm1(inner.invert(pixel)) * unit;
  return scale;
}

/** Round values over a range, about so many: steps are 1, 2 or 5 times a power of ten. */
export function niceTicks(from: number, to: number, about = 5): number[] {
  if (!(to > from) || !Number.isFinite(to - from)) return Number.isFinite(from) ? [from] : [];
  const rough = (to - from) / Math.max(1, about);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough * 0.999) ?? 10 * power;
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** A range that ends on round values and holds all of these. */
export function niceDomain(values: readonly number[], about = 4, mustHold: readonly number[] = []): [number, number] {
  const known = [...values, ...mustHold].filter(Number.isFinite);
  if (known.length === 0) return [0, 1];
  let low = known[0]!;
  let high = known[0]!;
  for (const value of known) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low === high) return low === 0 ? [0, 1] : low > 0 ? [0, high * 1.25] : [low * 1.25, 0];
  const ticks = niceTicks(low, high, about);
  const step = ticks.length > 1 ? ticks[1]! - ticks[0]! : high - low;
  return [Math.floor(low / step + 1e-9) * step, Math.ceil(high / step - 1e-9) * step];
}

const minute = 60_000;
const hour = 60 * minute;
const timeSteps = [
  1000, 5000, 15_000, 30_000, minute, 2 * minute, 5 * minute, 10 * minute, 15 * minute, 30 * minute, hour, 2 * hour, 3 * hour, 6 * hour, 12 * hour,
  24 * hour, 48 * hour, 7 * 24 * hour,
];

/** Round times of the reader's zone, at most so many. */
export function timeTicks(from: number, to: number, most = 8): number[] {
  if (!(to > from)) return [];
  const step = timeSteps.find((candidate) => (to - from) / candidate <= most) ?? 30 * 24 * hour;
  const shift = step > minute ? new Date(from).getTimezoneOffset() * minute : 0;
  const ticks: number[] = [];
  for (let at = Math.ceil((from - shift) / step) * step + shift; at <= to; at += step) ticks.push(at);
  return ticks;
}

/** Index of the value that is nearest; the values ascend. */
export function nearest(values: readonly number[], wanted: number): number {
  let low = 0;
  let high = values.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (values[middle]! <= wanted) low = middle;
    else high = middle;
  }
  return high >= 0 && Math.abs(values[high]! - wanted) < Math.abs((values[low] ?? Infinity) - wanted) ? high : low;
}

/** The path of a line, with a gap where a value is missing. */
export function linePath(points: readonly { x: number; y: number | null }[]): string {
  let path = "";
  let isDrawing = false;
  for (const { x, y } of points) {
    if (y === null || !Number.isFinite(y)) {
      isDrawing = false;
      continue;
    }
    path += `${isDrawing ? "L" : "M"}${round(x)} ${round(y)}`;
    isDrawing = true;
  }
  return path;
}

/** Value of a line at a place between its points, which ascend in x; null = outside, or in a gap. Where points stand above each other, the last counts. */
export function between(points: readonly { x: number; y: number | null }[], x: number): number | null {
  const after = points.findIndex((point) => point.x > x);
  const left = points[(after < 0 ? points.length : after) - 1];
  if (left === undefined || left.x === x) return left?.y ?? null;
  const right = after < 0 ? undefined : points[after];
  if (right === undefined || left.y === null || right.y === null) return null;
  return left.y + ((right.y - left.y) * (x - left.x)) / (right.x - left.x);
}

/** The runs of a line without its gaps: what is missing parts them. */
export function runs<P extends { y: number | null }>(points: readonly P[]): (P & { y: number })[][] {
  const found: (P & { y: number })[][] = [];
  let isRunning = false;
  for (const point of points) {
    if (point.y === null || !Number.isFinite(point.y)) isRunning = false;
    else if (isRunning) found[found.length - 1]!.push(point as P & { y: number });
    else {
      found.push([point as P & { y: number }]);
      isRunning = true;
    }
  }
  return found;
}

/** The path of what lies between two lines over the same places. */
export function bandPath(points: readonly { x: number; low: number; high: number }[]): string {
  if (points.length === 0) return "";
  const upper = points.map(({ x, high }) => `${round(x)} ${round(high)}`);
  const lower = points.map(({ x, low }) => `${round(x)} ${round(low)}`).reverse();
  return `M${upper.join("L")}L${lower.join("L")}Z`;
}

function round(pixel: number): number {
  return Math.round(pixel * 10) / 10;
}
