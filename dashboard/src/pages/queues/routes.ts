import type { Route } from "../../api/types";

export function isBroken(route: Route): boolean {
  return route.breaker === "open" || route.breaker === "half_open";
}

const rank = (route: Route) => (route.breaker === "open" ? 0 : route.breaker === "half_open" ? 1 : 2);

/** Whole providers by name, their countries, or what is broken; what is broken comes first. */
export function sortedRoutes(routes: readonly Route[], shown: string): Route[] {
  const wanted = routes.filter((route) => (shown === "routes" ? route.country !== null : shown === "broken" ? isBroken(route) : route.country === null));
  const byName = (one: Route, other: Route) => `${one.provider} ${one.country ?? ""}`.localeCompare(`${other.provider} ${other.country ?? ""}`);
  return wanted.sort((one, other) => rank(one) - rank(other) || (shown === "providers" ? byName(one, other) : other.short.outcomes - one.short.outcomes || byName(one, other)));
}
