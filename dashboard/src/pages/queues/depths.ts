import type { Queue, Queues } from "../../api/types";

/** Depths over the last minutes, gathered while the page is open: the API tells the present. */
export interface DepthHistory {
  /** Moments of the samples, ms. */
  times: readonly number[];
  byQueue: ReadonlyMap<string, readonly (number | null)[]>;
}

export const noHistory: DepthHistory = { times: [], byQueue: new Map() };
const samplesKept = 90;

/** The history with one more sample; the same where it is of the same moment as the last. */
export function remember(history: DepthHistory, queues: Queues): DepthHistory {
  const at = Date.parse(queues.sampled_at ?? queues.at);
  const last = history.times[history.times.length - 1];
  if (Number.isNaN(at) || (last !== undefined && at <= last)) return history;
  const times = [...history.times, at].slice(-samplesKept);
  const byQueue = new Map<string, readonly (number | null)[]>();
  for (const queue of queues.queues) {
    const before = history.byQueue.get(queue.name) ?? history.times.map(() => null);
    byQueue.set(queue.name, [...before, queue.depth].slice(-samplesKept));
  }
  return { times, byQueue };
}

/** Seconds that the samples span. */
export function span(history: DepthHistory): number {
  return history.times.length < 2 ? 0 : (history.times[history.times.length - 1]! - history.times[0]!) / 1000;
}

export interface Ladder {
  priorities: string[];
  delays: string[];
  cell: (priority: string, delay: string) => Queue | null;
  /** The deepest of its queues; at least 1. */
  deepest: number;
}

const ranks = ["high", "normal", "low"];

/** The retry queues as a grid of priorities and delays. */
export function ladder(queues: readonly Queue[]): Ladder {
  const retries = queues.filter((queue) => queue.kind === "retry" && queue.delay !== null && queue.priority !== null);
  const byPlace = new Map(retries.map((queue) => [`${queue.priority} ${queue.delay}`, queue]));
  return {
    priorities: [...new Set(retries.map((queue) => queue.priority as string))].sort((one, other) => ranks.indexOf(one) - ranks.indexOf(other)),
    delays: [...new Set(retries.map((queue) => queue.delay as string))].sort((one, other) => seconds(one) - seconds(other)),
    cell: (priority, delay) => byPlace.get(`${priority} ${delay}`) ?? null,
    deepest: Math.max(1, ...retries.map((queue) => queue.depth ?? 0)),
  };
}

/** A delay as queues are named after it, `15m`, in seconds; what is not of this form comes last. */
export function seconds(delay: string): number {
  const found = /^([0-9]+)(ms|s|m|h|d)$/.exec(delay);
  if (found === null) return Infinity;
  return Number(found[1]) * { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 }[found[2] as "s"];
}

/** The sum of what is known; null where nothing is. */
export function total(values: readonly (number | null)[]): number | null {
  const known = values.filter((value): value is number => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}
