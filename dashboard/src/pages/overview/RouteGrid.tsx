import type { KeyboardEvent } from "react";
import { useRef, useState } from "react";
import type { BreakerState, Queues, Route } from "../../api/types";
import { BreakerBadge } from "../../ui/Badge";
import { Empty } from "../../ui/Empty";
import { count, duration, percent } from "../../ui/format";
import { Icon } from "../../ui/Icon";
import { RouteDetail } from "./RouteDetail";
import { gridOf, heat, isFalling } from "./routes";

/** Success by provider and country: the arrow keys move through it, Enter opens a route. */
export function RouteGrid({ queues }: { queues: Queues }) {
  const [opened, setOpened] = useState<{ provider: string; country: string | null } | null>(null);
  const [focused, setFocused] = useState<[number, number]>([0, 0]);
  const body = useRef<HTMLTableSectionElement>(null);
  const grid = gridOf(queues.routes);
  if (grid.rows.length === 0) {
    return <Empty title="No route has been tried yet">Routes appear with the first outcomes that workers report.</Empty>;
  }

  function move(event: KeyboardEvent<HTMLTableSectionElement>) {
    const by = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const row = Math.max(0, Math.min(grid.rows.length - 1, focused[0] + by[0]!));
    const column = Math.max(0, Math.min(grid.countries.length, focused[1] + by[1]!));
    setFocused([row, column]);
    body.current?.querySelector<HTMLElement>(`[data-at="${row}-${column}"]`)?.focus();
  }

  const at = (row: number, column: number) => ({
    "data-at": `${row}-${column}`, tabIndex: focused[0] === row && focused[1] === column ? 0 : -1, onFocus: () => setFocused([row, column]),
  });
  const route = opened === null ? undefined : queues.routes.find((one) => one.provider === opened.provider && one.country === opened.country);
  return (
    <>
      <div className="table-scroll routes-scroll">
        <table className="routes" role="grid" aria-label="Share delivered by provider and country">
          <thead>
            <tr>
              <th scope="col">Provider</th>
              <th scope="col">Breaker</th>
              <th scope="col" className="num">
                All
              </th>
              {grid.countries.map((country) => (
                <th key={country} scope="col" className="routes-country">
                  {country}
                </th>
              ))}
            </tr>
          </thead>
          <tbody ref={body} onKeyDown={move}>
            {grid.rows.map((row, rowIndex) => (
              <tr key={row.provider}>
                <th scope="row">{row.provider}</th>
                <td>
                  <BreakerBadge state={row.whole?.breaker ?? null} />
                </td>
                <td role="gridcell">
                  <Cell route={row.whole} provider={row.provider} place={at(rowIndex, 0)} onOpen={() => setOpened({ provider: row.provider, country: null })} />
                </td>
                {grid.countries.map((country, index) => (
                  <td key={country} role="gridcell">
                    <Cell
                      route={row.cells.get(country)} provider={row.provider} place={at(rowIndex, index + 1)} country={country}
                      covering={row.whole?.breaker}
                      onOpen={() => setOpened({ provider: row.provider, country })}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="routes-legend muted">
        <span className="routes-scale" aria-hidden>
          {[0.1, 0.3, 0.5, 0.7, 0.9].map((share) => (
            <i key={share} style={{ background: heat(share) }} />
          ))}
        </span>
        <span>10 to 90 % delivered</span>
        <span>
          <Icon name="open" /> open circuit
        </span>
        <span>
          <Icon name="half" /> half open, being probed
        </span>
        <span>
          <Icon name="down" /> far below its usual rate
        </span>
        <span>grey: fewer than 5 outcomes</span>
        {queues.routes_total > queues.routes.length && (
          <span>
            {count(queues.routes.length)} of {count(queues.routes_total)} routes, those with the most outcomes
          </span>
        )}
      </div>
      {route !== undefined && <RouteDetail route={route} onClose={() => setOpened(null)} />}
    </>
  );
}

interface CellProps {
  route: Route | undefined;
  provider: string;
  country?: string;
  /** State of the whole provider, which its row tells: cells that are in it for that reason do not say it again. */
  covering?: BreakerState | null;
  place: { tabIndex: number; "data-at": string; onFocus: () => void };
  onOpen: () => void;
}

function Cell({ route, provider, country, covering, place, onOpen }: CellProps) {
  const name = country === undefined ? provider : `${provider} in ${country}`;
  const share = route?.short.success_rate ?? null;
  if (route === undefined || share === null) {
    return (
      <button {...place} className="route-cell route-none" title={`${name}: no outcomes`} aria-label={`${name}: no outcomes`} onClick={route && onOpen}>
        ·
      </button>
    );
  }
  const { short } = route;
  const breaker = covering === "open" && route.breaker === "open" ? "covered" : route.breaker === covering ? "closed" : route.breaker;
  const words = [
    `${name}: ${percent(share, 0)} delivered`, `weight of ${count(short.outcomes)} outcomes`,
    `latency ${duration(short.latency_ms === null ? null : short.latency_ms / 1000)}`,
    breaker === "open" ? "circuit open" : breaker === "half_open" ? "circuit half open" : "", breaker === "covered" ? "provider's circuit open" : "",
    isFalling(route) ? `usually ${percent(route.long.success_rate, 0)}` : "",
  ].filter((text) => text !== "").join(", ");
  return (
    <button
      {...place} className={`route-cell${short.outcomes < 5 ? " route-thin" : ""}${breaker === "open" ? " route-broken" : breaker === "half_open" ? " route-half" : breaker === "covered" ? " route-covered" : ""}`}
      style={short.outcomes < 5 ? undefined : { background: heat(share) }} title={words} aria-label={words} onClick={onOpen}
    >
      {breaker === "open" && <Icon name="open" />}
      {breaker === "half_open" && <Icon name="half" />}
      {breaker === "closed" && isFalling(route) && <Icon name="down" />}
      {Math.round(share * 100)}
    </button>
  );
}
