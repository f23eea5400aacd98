import { withQuery } from "../../api/client";

/** The periods that can be looked at, each against the same hours of the day before. */
export const periods = {
  "1h": { seconds: 3600, step: 60, label: "1 h", words: "last hour" },
  "6h": { seconds: 6 * 3600, step: 300, label: "6 h", words: "last 6 hours" },
  "24h": { seconds: 24 * 3600, step: 900, label: "24 h", words: "last 24 hours" },
} as const;

export type PeriodName = keyof typeof periods;

export function isPeriod(name: string): name is PeriodName {
  return Object.prototype.hasOwnProperty.call(periods, name);
}

/** The path of the summary of a period that ends now. */
export function summaryPath(name: PeriodName, now: number): string {
  const { seconds, step } = periods[name];
  // A whole number of buckets, so that the first is not cut.
  const from = Math.floor((now - seconds * 1000) / (step * 1000) + 1) * step * 1000;
  return withQuery("decisions/summary", { from: new Date(from).toISOString(), step });
}
