import type { DecisionSummary, DeliveryFigures, ShareInterval } from "../../api/types";
import { count, duration, number, percent, percentRange, plural, points, rate, signed } from "../../ui/format";

export type Direction = "better" | "worse" | "same" | "none";

export interface Comparison {
  direction: Direction;
  /** Such as `+1.2 pp`; null = there is nothing to compare with. */
  change: string | null;
  /** What it was, such as `61.2 % yesterday`, or why there is no comparison. */
  before: string;
}

export interface Figure {
  key: string;
  label: string;
  value: string;
  /** Its interval, or what it is of. */
  about: string;
  comparison: Comparison;
  /** What the figure means. */
  meaning: string;
}

const noYesterday = "no decisions in the same hours yesterday";

const intervalWords = "The range is the 95 % score interval (Wilson): what the share may be with so many attempts.";

/** The figures of the overview and what became of them since yesterday. `now` in ms: the last bucket is not over yet. */
export function figures(summary: DecisionSummary, now: number): Figure[] {
  const { period, day_before: before } = summary;
  const from = Date.parse(summary.from);
  const whole = (Date.parse(summary.to) - from) / 1000;
  const elapsed = Math.max(1, Math.min(whole, (now - from) / 1000));
  const perSecond = period.decisions / elapsed;
  const beforePerSecond = before.decisions / whole;
  return [
    {
      key: "rate", label: "Jobs decided", value: rate(perSecond), about: `${count(period.decisions)} decisions`,
      comparison: relative(perSecond, before.decisions === 0 ? null : beforePerSecond, rate, "none"),
      meaning: "Decisions of scorers and sidecars a second, on the average of the period. A job that waits is decided on again when it is due.",
    },
    {
      key: "delivered", label: "Delivered", value: percent(period.delivered_share?.value), about: interval(period.delivered_share),
      comparison: shares(period.delivered_share, before.delivered_share, before),
      meaning: `Share of the attempts with an outcome that were delivered, of ${count(period.known)}. ${intervalWords}`,
    },
    {
      key: "on-time", label: "On time", value: percent(period.on_time_share?.value), about: interval(period.on_time_share),
      comparison: shares(period.on_time_share, before.on_time_share, before),
      meaning: `Share of the deliveries with an expiry that came before it. ${intervalWords}`,
    },
    {
      key: "time", label: "Median time to delivery", value: duration(period.median_time_to_delivery_s), about: "from creation, waiting included",
      comparison: relative(period.median_time_to_delivery_s, before.median_time_to_delivery_s, duration, "less", before),
      meaning: "From a notification's creation to its delivery, waiting and failed attempts included; half of the deliveries are faster.",
    },
    {
      key: "cost", label: "Cost per delivery", value: `${number(period.cost_per_delivery, 3)} pt`, about: "points, failed attempts included",
      comparison: relative(period.cost_per_delivery, before.cost_per_delivery, (value) => `${number(value, 3)} pt`, "less", before),
      meaning: "What all attempts cost, in the policy's points, for each delivery.",
    },
  ];
}

/** What shares, time and cost rest on. */
export function basis(figures: DeliveryFigures): string {
  if (figures.known === 0) return "No attempt has an outcome yet.";
  const sampled = figures.examined < figures.attempts ? `, a sample of ${count(figures.attempts)} attempts` : "";
  return `Shares, time and cost rest on ${plural(figures.known, "attempt")} with an outcome${sampled}.`;
}

function interval(share: ShareInterval | null): string {
  return share === null ? "nothing to tell it from yet" : `${percentRange(share.low, share.high)} (95 %)`;
}

/** Shares differ where their intervals do not overlap. */
function shares(now: ShareInterval | null, before: ShareInterval | null, figures: DeliveryFigures): Comparison {
  if (now === null || before === null) return nothing(figures);
  const direction = now.low > before.high ? "better" : now.high < before.low ? "worse" : "same";
  return { direction, change: points(now.value - before.value), before: `${percent(before.value)} yesterday` };
}

/** Others differ where they do by a twentieth. */
function relative(
  now: number | null, before: number | null, format: (value: number) => string, wanted: "less" | "none", figures?: DeliveryFigures,
): Comparison {
  if (now === null || before === null || before === 0) return nothing(figures);
  const ratio = now / before - 1;
  const direction = wanted === "none" || Math.abs(ratio) < 0.05 ? "same" : ratio < 0 ? "better" : "worse";
  return { direction, change: ratio >= 1 ? `× ${number(ratio + 1, 3)}` : `${signed(ratio * 100, 0)} %`, before: `${format(before)} yesterday` };
}

function nothing(before?: DeliveryFigures): Comparison {
  const reason = before === undefined || before.decisions === 0 ? noYesterday : "no outcomes yesterday";
  return { direction: "none", change: null, before: reason };
}
