import type { PredictionDetail } from "../../api/types";
import type { Fields } from "./payload";

export interface Sample {
  name: string;
  make: (now: number) => Fields;
}

const minute = 60_000;
const hour = 60 * minute;

function time(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
}

/** Ids that no other job has: the decision is logged like any other. */
function ids(now: number): Fields {
  const id = `try-${now.toString(36)}`;
  return { job_id: `${id}.0`, notification_id: id };
}

/** Jobs as they come, one for each kind of question. */
export const samples: readonly Sample[] = [
  {
    name: "SMS code that timed out a moment ago",
    make: (now) => ({
      ...ids(now), channel: "sms", provider: "sm-a", providers: ["sm-a", "sm-b", "sm-c"], recipient_country: "DE", template_type: "otp", payload_size: 92,
      created_at: time(now - 20_000), send_time: time(now), expires_at: time(now + 10 * minute), previous_attempts: 1, last_status: "timeout",
      latency_ms: 8000, last_attempt_at: time(now - 15_000),
    }),
  },
  {
    name: "Email receipt after a soft bounce",
    make: (now) => ({
      ...ids(now), channel: "email", provider: "em-b", providers: ["em-a", "em-b", "em-c"], recipient_country: "FR", template_type: "transactional",
      payload_size: 18_400, created_at: time(now - 9 * minute), send_time: time(now), expires_at: time(now + 24 * hour), previous_attempts: 1,
      last_status: "soft_bounce", response_code: 452, latency_ms: 1240, last_attempt_at: time(now - 8 * minute),
    }),
  },
  {
    name: "Push alert, first attempt",
    make: (now) => ({
      ...ids(now), channel: "push", provider: "pu-b", providers: ["pu-a", "pu-b", "pu-c"], recipient_country: "US", template_type: "alert",
      payload_size: 640, created_at: time(now), send_time: time(now), expires_at: time(now + 2 * hour), previous_attempts: 0, last_status: "none",
    }),
  },
  {
    name: "Marketing email, throttled twice",
    make: (now) => ({
      ...ids(now), channel: "email", provider: "em-a", providers: ["em-a", "em-b", "em-c"], recipient_country: "IN", template_type: "marketing",
      payload_size: 74_000, created_at: time(now - hour), send_time: time(now), previous_attempts: 2, last_status: "throttled", response_code: 421,
      latency_ms: 310, last_attempt_at: time(now - minute),
    }),
  },
  {
    name: "SMS to a number that is gone",
    make: (now) => ({
      ...ids(now), channel: "sms", provider: "sm-c", providers: ["sm-a", "sm-b", "sm-c"], recipient_country: "BR", template_type: "transactional",
      payload_size: 130, created_at: time(now - 5 * minute), send_time: time(now), expires_at: time(now + 6 * hour), previous_attempts: 1,
      last_status: "unregistered", response_code: 404, latency_ms: 480, last_attempt_at: time(now - 4 * minute),
    }),
  },
];

/** A job of the log as a payload, under new ids: asking again is no attempt of the old one. */
export function jobOf(detail: PredictionDetail, now: number): Fields {
  const { job } = detail;
  const known: Fields = {
    ...ids(now), channel: detail.channel, provider: job.provider, providers: job.providers, recipient_country: detail.country,
    template_type: detail.template, payload_size: job.payload_size, created_at: job.created_at, send_time: job.send_time, expires_at: job.expires_at,
    previous_attempts: detail.previous_attempts, last_status: job.last_status, response_code: job.response_code, latency_ms: job.latency_ms,
    last_attempt_at: job.last_attempt_at,
  };
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== null && value !== undefined));
}
