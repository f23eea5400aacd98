import type { Priority, Queue, Queues } from "../../api/types";
import { priorities } from "../../api/types";

/** A figure of several queues together; null where none of them is known. */
export interface Group {
  depth: number | null;
  /** What comes in a second, or, where the broker does not tell, null. */
  inflow: number | null;
  net: number | null;
  oldest: number | null;
  consumers: number | null;
}

export interface Flow {
  jobs: Group;
  /** What leaves the job queue a second: decisions. */
  decided: number | null;
  lanes: { priority: Priority; group: Group }[];
  ladder: Group;
  /** The delays in the ladder's order, shortest first. */
  delays: string[];
  /** Messages of each priority at each delay. */
  steps: { priority: Priority; cells: Queue[] }[];
  undeliverable: Group;
  quarantine: Group;
  spool: Group;
  outcomes: Group;
}

/** The queues as the line that a job walks. */
export function flowOf(queues: Queues): Flow {
  const of = (kind: Queue["kind"]) => queues.queues.filter((queue) => queue.kind === kind);
  const retry = of("retry");
  const delays = [...new Set(retry.map((queue) => queue.delay ?? "?"))].sort((a, b) => delaySeconds(a) - delaySeconds(b));
  const jobs = of("jobs");
  return {
    jobs: group(jobs),
    decided: sum(jobs.map((queue) => queue.ack_per_s)),
    lanes: priorities.map((priority) => ({ priority, group: group(of("dispatch").filter((queue) => queue.priority === priority)) })),
    ladder: group(retry),
    delays,
    steps: priorities.map((priority) => ({
      priority,
      cells: retry.filter((queue) => queue.priority === priority).sort((a, b) => delaySeconds(a.delay ?? "") - delaySeconds(b.delay ?? "")),
    })),
    undeliverable: group(of("undeliverable")),
    quarantine: group(of("quarantine")),
    spool: group(of("spool")),
    outcomes: group(of("outcomes_log")),
  };
}

function group(queues: readonly Queue[]): Group {
  const ages = queues.map((queue) => queue.age_s).filter((age): age is number => age !== null);
  return {
    depth: sum(queues.map((queue) => queue.depth)),
    inflow: sum(queues.map((queue) => queue.publish_per_s)),
    net: sum(queues.map((queue) => queue.net_per_s)),
    oldest: ages.length === 0 ? null : Math.max(...ages),
    consumers: sum(queues.map((queue) => queue.consumers)),
  };
}

function sum(values: readonly (number | null)[]): number | null {
  const known = values.filter((value): value is number => value !== null);
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
}

/** `15s` → 15, `24h` → 86400; what is none comes last. */
export function delaySeconds(step: string): number {
  const match = /^([0-9]+)(ms|s|m|h|d)$/.exec(step);
  if (match === null) return Infinity;
  const unit = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 }[match[2] as "s"];
  return Number(match[1]) * unit;
}

/** How thick a line for so much a second is drawn, px. */
export function thickness(perSecond: number | null): number {
  return perSecond === null || perSecond <= 0 ? 1 : Math.min(14, 1.5 + Math.log2(1 + perSecond) * 1.25);
}

/** How dark a cell with so many messages is, 0 to 1: logarithmic, a hundred thousand is full. */
export function shade(depth: number | null): number {
  return depth === null || depth <= 0 ? 0 : Math.min(1, 0.12 + Math.log10(1 + depth) / 5.6);
}
