import { channels, statuses, templates } from "../../api/types";
import { listed, numeric } from "./payload";

export interface FieldEntry {
  name: string;
  label: string;
  /** Choices; without them it is a text. */
  options?: readonly string[];
  /** From the control's text to the field's value. */
  read?: (text: string) => unknown;
  isOptional?: boolean;
  isTime?: boolean;
  isWide?: boolean;
  hint?: string;
}

export interface FieldGroup {
  title: string;
  fields: readonly FieldEntry[];
}

/** The fields of a job, as in docs/README.md, Messages. */
export const groups: readonly FieldGroup[] = [
  {
    title: "Notification",
    fields: [
      { name: "channel", label: "Channel", options: channels },
      { name: "template_type", label: "Template", options: templates },
      { name: "recipient_country", label: "Country", hint: "ISO 3166-1 alpha-2" },
      { name: "payload_size", label: "Payload size, bytes", read: numeric },
      { name: "provider", label: "Provider", hint: "the route you would use" },
      { name: "providers", label: "Other routes", read: listed, isOptional: true, hint: "to choose among, parted by commas" },
    ],
  },
  {
    title: "Times",
    fields: [
      { name: "created_at", label: "Created", isTime: true },
      { name: "send_time", label: "Due", isTime: true },
      { name: "expires_at", label: "Worthless after", isOptional: true, isTime: true },
    ],
  },
  {
    title: "What happened so far",
    fields: [
      { name: "previous_attempts", label: "Attempts so far", read: numeric },
      { name: "last_status", label: "Last status", options: statuses },
      { name: "response_code", label: "Its response code", read: numeric, isOptional: true },
      { name: "latency_ms", label: "Its latency, ms", read: numeric, isOptional: true },
      { name: "last_attempt_at", label: "Last attempt at", isOptional: true, isTime: true },
    ],
  },
  {
    title: "Ids",
    fields: [
      { name: "job_id", label: "Job" },
      { name: "notification_id", label: "Notification" },
      { name: "recipient", label: "Recipient", isOptional: true, hint: "only its keyed hash is ever stored" },
    ],
  },
];

export const fieldNames: ReadonlySet<string> = new Set(groups.flatMap((group) => group.fields.map((field) => field.name)));

/** `providers[1]` and `providers.1` are about the field `providers`. */
export function fieldOf(problemField: string | null): string | null {
  return problemField === null ? null : problemField.split(/[.[]/)[0] ?? null;
}

/** The detail without the field's name before it: it is shown at the field. */
export function messageFor(field: string, detail: string): string {
  return detail.startsWith(`${field}: `) ? detail.slice(field.length + 2) : detail;
}
