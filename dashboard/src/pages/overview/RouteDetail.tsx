import type { HealthWindow, Route } from "../../api/types";
import { link } from "../../app/router";
import { BreakerBadge } from "../../ui/Badge";
import { Dialog } from "../../ui/Dialog";
import { ago, count, dateTime, duration, number, percent, rate } from "../../ui/format";
import { nameOf } from "./attention";

/** All that live health knows of a route. */
export function RouteDetail({ route, onClose }: { route: Route; onClose: () => void }) {
  const rows: [string, (window: HealthWindow) => string][] = [
    ["Delivered", (window) => percent(window.success_rate)],
    ["Throttled", (window) => percent(window.throttle_rate)],
    ["Latency", (window) => duration(window.latency_ms === null ? null : window.latency_ms / 1000)],
    ["Outcomes, decayed", (window) => count(window.outcomes)],
  ];
  return (
    <Dialog title={nameOf(route)} onClose={onClose}>
      <div className="stack">
        <table className="table">
          <thead>
            <tr>
              <th />
              <th className="num">Lately (half-life 20 min)</th>
              <th className="num">Usually (half-life 2 d)</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([label, of]) => (
              <tr key={label}>
                <th scope="row">{label}</th>
                <td className="num">{of(route.short)}</td>
                <td className="num">{of(route.long)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <dl className="definition">
          <dt>Circuit breaker</dt>
          <dd>
            <BreakerBadge state={route.breaker} />{" "}
            {route.opened_at !== null && <span title={dateTime(route.opened_at)}>opened {ago(route.opened_at)}</span>}{" "}
            {route.half_open_at !== null && <span title={dateTime(route.half_open_at)}>probed {ago(route.half_open_at)}</span>}
          </dd>
          <dt>May be given</dt>
          <dd>{percent(route.admitted_share, 0)} of the jobs that want it</dd>
          <dt>Last success</dt>
          <dd>{route.since_success_s === null ? "none known" : `${duration(route.since_success_s)} before the last sample`}</dd>
          <dt>Price of a place</dt>
          <dd>{route.price === null ? "not known" : `${number(route.price, 3)} points an attempt`}</dd>
          <dt>Capacity learned</dt>
          <dd>{route.capacity_per_s === null ? "none: it has not throttled enough to tell" : rate(route.capacity_per_s)}</dd>
        </dl>
        <a href={link("predictions", { provider: route.provider, country: route.country })}>Decisions through {nameOf(route)}</a>
      </div>
    </Dialog>
  );
}
