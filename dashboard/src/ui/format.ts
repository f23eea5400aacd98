/** Numbers and times as text: short, with their unit, and never more digits than they deserve. */

/** What stands for a figure that is not known. */
export const unknown = "–";

const locale = "en-GB";
const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const compactFormat = new Intl.NumberFormat(locale, { notation: "compact", maximumSignificantDigits: 3 });
const briefFormat = new Intl.NumberFormat(locale, { notation: "compact", maximumSignificantDigits: 2 });
const significant = new Map<number, Intl.NumberFormat>();

function digits(value: number, count: number): string {
  let format = significant.get(count);
  if (format === undefined) {
    format = new Intl.NumberFormat(locale, { maximumSignificantDigits: count });
    significant.set(count, format);
  }
  return format.format(value);
}

type Maybe = number | null | undefined;
const isKnown = (value: Maybe): value is number => value !== null && value !== undefined && Number.isFinite(value);

/** 1234567 → 1,234,567 */
export function count(value: Maybe): string {
  return isKnown(value) ? whole.format(value) : unknown;
}

/** 1234567 → 1.23M; below 10 000 as it is. */
export function compact(value: Maybe): string {
  if (!isKnown(value)) return unknown;
  return Math.abs(value) < 10_000 ? whole.format(value) : compactFormat.format(value);
}

/** For the narrowest places: 4901 → 4.9k */
export function brief(value: Maybe): string {
  return isKnown(value) && Math.abs(value) >= 1000 ? briefFormat.format(value).toLowerCase() : count(value);
}

/** To so many significant digits. */
export function number(value: Maybe, significantDigits = 3): string {
  return isKnown(value) ? digits(value, significantDigits) : unknown;
}

/** With a fixed number of decimals, for columns. */
export function fixed(value: Maybe, decimals: number): string {
  return isKnown(value) ? value.toFixed(decimals).replace("-", "−") : unknown;
}

/** With a sign: +0.12, −0.12. */
export function signed(value: Maybe, decimals = 2): string {
  if (!isKnown(value)) return unknown;
  const text = fixed(Math.abs(value), decimals);
  return Number(text) === 0 ? text : `${value < 0 ? "−" : "+"}${text}`;
}

/** 0.6053 → 60.5 %; what is nearly all or nothing is not rounded to it. */
export function percent(share: Maybe, decimals = 1): string {
  if (!isKnown(share)) return unknown;
  const text = (share * 100).toFixed(decimals);
  if (share < 1 && Number(text) === 100) return `> ${(100 - 10 ** -decimals).toFixed(decimals)} %`;
  if (share > 0 && Number(text) === 0) return `< ${(10 ** -decimals).toFixed(decimals)} %`;
  return `${text} %`;
}

/** An interval of shares: 73.9–76.3 % */
export function percentRange(low: Maybe, high: Maybe, decimals = 1): string {
  return isKnown(low) && isKnown(high) ? `${(low * 100).toFixed(decimals)}–${(high * 100).toFixed(decimals)} %` : unknown;
}

/** Difference of two shares in percentage points: +1.2 pp */
export function points(difference: Maybe, decimals = 1): string {
  return isKnown(difference) ? `${signed(difference * 100, decimals)} pp` : unknown;
}

/** Per second: 0.042/s, 28.4/s, 1,204/s */
export function rate(perSecond: Maybe): string {
  if (!isKnown(perSecond)) return unknown;
  if (perSecond === 0) return "0/s";
  if (Math.abs(perSecond) >= 100) return `${whole.format(perSecond)}/s`;
  return `${digits(perSecond, Math.abs(perSecond) >= 10 ? 3 : 2)}/s`;
}

/** A length of time from milliseconds to days, two units at most: 250 ms, 15 s, 2 m 5 s, 3 h, 1 d 4 h */
export function duration(seconds: Maybe): string {
  if (!isKnown(seconds)) return unknown;
  if (seconds < 0) return `−${duration(-seconds)}`;
  if (seconds === 0) return "0 s";
  if (seconds < 1) return `${digits(seconds * 1000, 3)} ms`;
  if (seconds < 10) return `${digits(seconds, 2)} s`;
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  const units: readonly [string, number][] = [["d", 86_400], ["h", 3600], ["min", 60], ["s", 1]];
  let rest = Math.round(seconds);
  if (rest >= 3600) rest = Math.round(rest / 60) * 60;
  if (rest >= 86_400) rest = Math.round(rest / 3600) * 3600;
  const parts: string[] = [];
  for (const [name, size] of units) {
    const amount = Math.floor(rest / size);
    rest -= amount * size;
    if (amount > 0) parts.push(`${amount} ${name}`);
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.join(" ");
}

/** A delay that was chosen: `now`, or how long. */
export function delay(milliseconds: Maybe): string {
  return milliseconds === 0 ? "now" : duration(isKnown(milliseconds) ? milliseconds / 1000 : null);
}

/** 1536 → 1.5 KiB */
export function bytes(value: Maybe): string {
  if (!isKnown(value)) return unknown;
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let power = 0;
  let rest = value;
  while (rest >= 1024 && power < units.length - 1) {
    rest /= 1024;
    power += 1;
  }
  return `${power === 0 ? whole.format(rest) : digits(rest, 3)} ${units[power]}`;
}

const clockFormat = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const minuteFormat = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const dayFormat = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" });
const dateFormat = new Intl.DateTimeFormat(locale, {
  day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZoneName: "short",
});

type Moment = string | number | null | undefined;

function date(moment: Moment): Date | null {
  if (moment === null || moment === undefined) return null;
  const value = new Date(moment);
  return Number.isNaN(value.getTime()) ? null : value;
}

/** 14:03:59, in the reader's time zone. */
export function clock(moment: Moment): string {
  const value = date(moment);
  return value === null ? unknown : clockFormat.format(value);
}

/** 14:03 */
export function minute(moment: Moment): string {
  const value = date(moment);
  return value === null ? unknown : minuteFormat.format(value);
}

/** 23 Nov */
export function day(moment: Moment): string {
  const value = date(moment);
  return value === null ? unknown : dayFormat.format(value);
}

/** 23 Nov 2026, 14:03:59 CET */
export function dateTime(moment: Moment): string {
  const value = date(moment);
  return value === null ? unknown : dateFormat.format(value);
}

/** Today's times as 14:03:59, others with their day. */
export function when(moment: Moment, now = Date.now()): string {
  const value = date(moment);
  if (value === null) return unknown;
  return value.toDateString() === new Date(now).toDateString() ? clock(moment) : `${day(moment)} ${minute(moment)}`;
}

/** 12 s ago; in 5 min */
export function ago(moment: Moment, now = Date.now()): string {
  const value = date(moment);
  if (value === null) return unknown;
  const seconds = (now - value.getTime()) / 1000;
  if (Math.abs(seconds) < 1.5) return "just now";
  const rounded = Math.abs(seconds) < 60 ? Math.round(Math.abs(seconds)) : Math.abs(seconds);
  return seconds >= 0 ? `${duration(rounded)} ago` : `in ${duration(rounded)}`;
}

const words: Record<string, string> = { give_up: "give up", otp: "OTP", sms: "SMS", half_open: "half open", not_attempted: "not attempted" };

/** The words of the API as words: `soft_bounce` → soft bounce */
export function word(value: string | null | undefined): string {
  if (value === null || value === undefined || value === "") return unknown;
  return words[value] ?? value.replaceAll("_", " ");
}

/** A feature's name as words; its unit stands with its value: `since_last_attempt_s` → since last attempt */
export function featureName(name: string): string {
  return name.replace(/_(s|ms)$/, "").replace(/_ms_(short|long)$/, "_$1").replaceAll("_", " ");
}

/** `1 job`, `2 jobs` */
export function plural(amount: number, one: string, many = `${one}s`): string {
  return `${count(amount)} ${amount === 1 ? one : many}`;
}
