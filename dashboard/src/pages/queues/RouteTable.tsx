import { useState } from "react";
import type { Queues, Route } from "../../api/types";
import { useParameter } from "../../app/router";
import { BreakerBadge } from "../../ui/Badge";
import { Card } from "../../ui/Card";
import { Empty } from "../../ui/Empty";
import { compact, count, duration, fixed, percent, plural, points, rate } from "../../ui/format";
import { Segmented } from "../../ui/Segmented";
import { Table } from "../../ui/Table";
import { RouteDetail } from "../overview/RouteDetail";
import { isBroken, sortedRoutes } from "./routes";

type Shown = "providers" | "routes" | "broken";

/** The routes as live health sees them, with their circuit breakers. */
export function RouteTable({ queues }: { queues: Queues }) {
  const [shown, setShown] = useParameter("routes", "providers");
  const [open, setOpen] = useState<{ provider: string; country: string | null } | null>(null);
  const rows = sortedRoutes(queues.routes, shown);
  const broken = queues.routes.filter(isBroken).length;
  const opened = open === null ? undefined : queues.routes.find((route) => route.provider === open.provider && route.country === open.country);
  return (
    <Card
      title="Routes" isFlush about={`${broken === 0 ? "all circuit breakers are closed" : `${plural(broken, "circuit breaker")} not closed`}; short memory: half-life 20 min`}
      actions={
        <Segmented<Shown>
          label="Routes to show" value={shown as Shown} onChange={setShown}
          options={[{ value: "providers", label: "Providers" }, { value: "routes", label: "By country" }, { value: "broken", label: `Not closed (${count(broken)})` }]}
        />
      }
    >
      <div className="bounded-routes">
        <Table
          caption="Routes with health and circuit breaker" rows={rows} rowKey={(route) => `${route.provider} ${route.country ?? ""}`}
          onOpen={({ provider, country }) => setOpen({ provider, country })}
          empty={<Empty title={shown === "broken" ? "No breaker is open or half open" : "No route has evidence yet"} />}
          columns={[
            { key: "route", head: "Route", cell: (route) => <>{route.provider}{route.country !== null && <span className="muted"> {route.country}</span>}</> },
            { key: "breaker", head: "Breaker", cell: (route) => <BreakerBadge state={route.breaker} /> },
            { key: "admitted", head: "May be given", isNumber: true, isExtra: true, cell: (route) => percent(route.admitted_share, 0) },
            { key: "success", head: "Delivered", isNumber: true, cell: (route) => percent(route.short.success_rate) },
            { key: "change", head: "Against usual", isNumber: true, isExtra: true, cell: (route) => <Change route={route} /> },
            { key: "throttle", head: "Throttled", isNumber: true, cell: (route) => percent(route.short.throttle_rate) },
            { key: "latency", head: "Latency", isNumber: true, isExtra: true, cell: (route) => (route.short.latency_ms === null ? "–" : duration(route.short.latency_ms / 1000)) },
            { key: "outcomes", head: "Evidence", isNumber: true, isExtra: true, cell: (route) => <span title="Outcomes, each counting less the older it is">{compact(Math.round(route.short.outcomes))}</span> },
            { key: "success-age", head: "Last success", isNumber: true, isExtra: true, cell: (route) => (route.since_success_s === null ? "none" : `${duration(Math.round(route.since_success_s))} ago`) },
            { key: "price", head: "Price, points", isNumber: true, isExtra: true, cell: (route) => fixed(route.price, 2) },
            { key: "capacity", head: "Capacity", isNumber: true, isExtra: true, cell: (route) => (route.capacity_per_s === null ? "–" : rate(route.capacity_per_s)) },
          ]}
        />
      </div>
      {queues.routes_total > queues.routes.length && <p className="card-note">The {count(queues.routes.length)} routes with the most outcomes, of {count(queues.routes_total)}.</p>}
      {opened !== undefined && <RouteDetail route={opened} onClose={() => setOpen(null)} />}
    </Card>
  );
}

/** How much better or worse than over the last days. */
function Change({ route: { short, long } }: { route: Route }) {
  if (short.success_rate === null || long.success_rate === null) return <>–</>;
  const change = short.success_rate - long.success_rate;
  return <span className={change < -0.1 ? "bad-word" : ""}>{points(change)}</span>;
}
