import { link } from "../../app/router";
import type { HealthEvent, Queue, Queues, Route } from "../../api/types";
import { count, duration, percent, plural, rate, word } from "../../ui/format";

export interface Matter {
  key: string;
  tone: "bad" | "warn" | "info";
  title: string;
  detail: string;
  href?: string;
}

/** When a wait of jobs or dispatches is told, s. */
export const longWait = 60;
/** When a route's rates are told: how far they fell, and on how much evidence. */
export const fallingBy = 0.15;
export const throttledFrom = 0.2;
export const evidenceNeeded = 30;

const order = { bad: 0, warn: 1, info: 2 };

/** What somebody should look at now, the worst first. */
export function attention(queues: Queues, health: HealthEvent | null = null): Matter[] {
  return [...ofSidecar(queues, health), ...ofQueues(queues), ...ofRoutes(queues)].sort((a, b) => order[a.tone] - order[b.tone]);
}

function ofSidecar({ degraded }: Queues, health: HealthEvent | null): Matter[] {
  const matters: Matter[] = [];
  if (health?.database === false) {
    matters.push({
      key: "database", tone: "bad", title: "The database is away",
      detail: "Decisions go on and wait in the spool; figures from the log are missing or old.",
    });
  }
  if (degraded.includes("broker") || health?.broker === false) {
    matters.push({ key: "broker", tone: "bad", title: "The broker is away", detail: "Depths and rates are the last that were known." });
  }
  if (degraded.includes("live_health")) {
    matters.push({ key: "live", tone: "warn", title: "Live health is not up to date", detail: "Success rates and breakers of routes are as they were." });
  }
  if (degraded.includes("management")) {
    matters.push({
      key: "management", tone: "info", title: "Rates and ages are missing",
      detail: "They come from RabbitMQ's management plugin: see rabbitmq.management-url.",
    });
  }
  return matters;
}

function ofQueues({ queues }: Queues): Matter[] {
  const matters: Matter[] = [];
  const page = link("queues");
  for (const queue of queues) {
    const depth = queue.depth ?? 0;
    const oldest = queue.age_s === null ? "" : `, the oldest ${duration(queue.age_s)} old`;
    switch (queue.kind) {
      case "jobs":
        if (queue.consumers === 0) {
          matters.push({ key: queue.name, tone: "bad", title: "No scorer takes jobs", detail: `${plural(depth, "job")} in ${queue.name}${oldest}.`, href: page });
        } else if (isLate(queue)) {
          matters.push({ key: queue.name, tone: "warn", title: "Jobs wait to be decided", detail: `${plural(depth, "job")}${oldest}${growth(queue)}.`, href: page });
        }
        break;
      case "dispatch":
        if (queue.consumers === 0 && depth > 0) {
          matters.push({
            key: queue.name, tone: "bad", title: `No worker takes ${queue.priority} dispatches`, detail: `${plural(depth, "message")} wait${oldest}.`, href: page,
          });
        } else if (isLate(queue)) {
          matters.push({
            key: queue.name, tone: "warn", title: `Dispatches of ${queue.priority} priority wait for workers`,
            detail: `${plural(depth, "message")}${oldest}${growth(queue)}.`, href: page,
          });
        }
        break;
      case "outcomes_log":
        if (queue.consumers === 0 || isLate(queue)) {
          matters.push({
            key: queue.name, tone: "warn", title: "Outcomes wait to be logged", detail: `${plural(depth, "outcome")}${oldest}${growth(queue)}.`, href: page,
          });
        }
        break;
      case "spool":
        if (depth > 0) {
          matters.push({
            key: queue.name, tone: "warn", title: "Log records wait in the spool",
            detail: `${plural(depth, "record")}${oldest}: the database was or is away. They drain by themselves.`, href: page,
          });
        }
        break;
      case "quarantine":
        if (depth > 0) {
          matters.push({
            key: queue.name, tone: "warn", title: `${plural(depth, "message")} in quarantine`,
            detail: `${oldest === "" ? "" : `The oldest is ${duration(queue.age_s)} old. `}Look at the reasons; after a fix they can be requeued.`, href: page,
          });
        }
        break;
      default:
        break;
    }
  }
  return matters;
}

function isLate(queue: Queue): boolean {
  return (queue.depth ?? 0) > 0 && (queue.age_s ?? 0) > longWait;
}

function growth(queue: Queue): string {
  const net = queue.net_per_s ?? 0;
  return net > 0.5 ? `, growing by ${rate(net)}` : net < -0.5 ? `, shrinking by ${rate(-net)}` : "";
}

function ofRoutes({ routes }: Queues): Matter[] {
  const matters: Matter[] = [];
  for (const state of ["open", "half_open"] as const) {
    const broken = routes.filter((route) => route.breaker === state);
    const whole = new Set(broken.filter((route) => route.country === null).map((route) => route.provider));
    // Where a whole provider is broken its countries are, too.
    const told = broken.filter((route) => route.country === null || !whole.has(route.provider)).sort(byImportance);
    if (told.length === 0) continue;
    const names = `${told.slice(0, 6).map(nameOf).join(", ")}${told.length > 6 ? ` and ${told.length - 6} more` : ""}`;
    matters.push({
      key: state, tone: state === "open" ? "bad" : "warn",
      title: told.length === 1 ? `${names}: the circuit breaker is ${word(state)}` : `${count(told.length)} circuit breakers are ${word(state)}`,
      detail: `${told.length === 1 ? "" : `${names}: `}${state === "open" ? "no jobs go there until probes succeed." : "a few jobs go there to find out whether it works again."}`,
      href: told.length === 1 ? link("predictions", { provider: told[0]!.provider, country: told[0]!.country }) : undefined,
    });
  }
  for (const route of routes.filter((one) => one.country === null && one.breaker !== "open")) {
    const { short, long } = route;
    if (short.outcomes < evidenceNeeded) continue;
    if (short.success_rate !== null && long.success_rate !== null && long.success_rate - short.success_rate > fallingBy) {
      matters.push({
        key: `falling-${route.provider}`, tone: "warn", title: `${route.provider} delivers less than usual`,
        detail: `${percent(short.success_rate, 0)} of the attempts lately, ${percent(long.success_rate, 0)} over two days.`,
        href: link("predictions", { provider: route.provider, outcome: "failed" }),
      });
    }
    if ((short.throttle_rate ?? 0) > throttledFrom) {
      matters.push({
        key: `throttled-${route.provider}`, tone: "warn", title: `${route.provider} throttles`,
        detail: `${percent(short.throttle_rate, 0)} of the attempts lately${
          route.capacity_per_s === null ? "" : `; it seems to take ${rate(route.capacity_per_s)}`
        }.`,
        href: link("predictions", { provider: route.provider, outcome: "throttled" }),
      });
    }
  }
  return matters;
}

/** `sm-a` or `sm-a in DE` */
export function nameOf(route: Route): string {
  return route.country === null ? route.provider : `${route.provider} in ${route.country}`;
}

/** Whole providers first, then the routes with the most outcomes. */
function byImportance(a: Route, b: Route): number {
  return Number(a.country !== null) - Number(b.country !== null) || b.long.outcomes - a.long.outcomes;
}
