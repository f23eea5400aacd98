import type { Route } from "../../api/types";
import { fallingBy } from "./attention";

export interface RouteRow {
  provider: string;
  /** The provider as a whole. */
  whole: Route | undefined;
  cells: Map<string, Route>;
}

/** Providers by name, countries by how much went there. */
export function gridOf(routes: readonly Route[]): { rows: RouteRow[]; countries: string[] } {
  const rows = new Map<string, RouteRow>();
  const weight = new Map<string, number>();
  for (const route of routes) {
    let row = rows.get(route.provider);
    if (row === undefined) {
      row = { provider: route.provider, whole: undefined, cells: new Map() };
      rows.set(route.provider, row);
    }
    if (route.country === null) {
      row.whole = route;
    } else {
      row.cells.set(route.country, route);
      weight.set(route.country, (weight.get(route.country) ?? 0) + route.long.outcomes);
    }
  }
  return {
    rows: [...rows.values()].sort((a, b) => (a.provider < b.provider ? -1 : 1)),
    countries: [...weight.entries()].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([country]) => country),
  };
}

/** Whether a route does far worse lately than over two days, on evidence that can tell. */
export function isFalling({ short, long }: Route): boolean {
  return short.outcomes >= 10 && short.success_rate !== null && long.success_rate !== null && long.success_rate - short.success_rate > fallingBy;
}

/** From orange over none to blue, half delivered being none: both ends can be told apart by who sees no red or no green. */
export function heat(share: number): string {
  const distance = Math.min(1, Math.abs(share - 0.5) * 2);
  return `color-mix(in srgb, var(${share < 0.5 ? "--s2" : "--s1"}) ${Math.round(distance * 55)}%, var(--surface))`;
}
