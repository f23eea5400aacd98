import type { QuarantinedMessage, QuarantineMove } from "../../api/types";

/** What `POST /quarantine/requeue` takes at most. */
export const mostIDs = 1000;

/** What a selection would do, to be said before it is done. */
export interface MovePlan {
  /** How many would go to which queue, the most first. */
  targets: { queue: string; count: number }[];
  /** Messages of the selection that cannot go back: it is not known where they came from. */
  stuck: number;
  /** Messages of the selection that were moved back before, and came again. */
  returned: number;
  ids: string[];
}

export function planOf(messages: readonly QuarantinedMessage[]): MovePlan {
  const counts = new Map<string, number>();
  const movable = messages.filter((message) => message.requeueable).slice(0, mostIDs);
  for (const { queue } of movable) counts.set(queue ?? "where it came from", (counts.get(queue ?? "where it came from") ?? 0) + 1);
  return {
    targets: [...counts.entries()].map(([queue, count]) => ({ queue, count })).sort((one, other) => other.count - one.count),
    stuck: messages.filter((message) => !message.requeueable).length,
    returned: movable.filter((message) => message.requeued > 0).length,
    ids: movable.map((message) => message.id),
  };
}

const failureWords: Record<string, string> = {
  no_source: "nothing tells which queue it came from", unknown_queue: "the queue it came from is none of Herald's, or is not there any more",
  too_large: "it is larger than the broker takes", malformed_properties: "its properties are not of a form that can be published again",
  unroutable: "the broker found no queue for it", refused: "the broker refused it", unconfirmed: "the broker did not confirm it: it may be in both places",
};

/** Why a message could not go back. */
export function failureText(reason: string): string {
  return failureWords[reason] ?? reason.replaceAll("_", " ");
}

const reasonWords: Record<string, string> = {
  not_utf8: "not UTF-8", not_json: "not valid JSON", not_an_object: "not a JSON object", nul_character: "NUL in a text", out_of_memory: "no memory to read it",
};

/** Why a message is in quarantine. */
export function reasonText(reason: string): string {
  return reasonWords[reason] ?? reason.replaceAll("_", " ");
}

export interface MoveLine {
  id: string;
  result: "moved" | "failed" | "missing";
  text: string;
}

/** What came of each message, those first that need somebody. */
export function linesOf(move: QuarantineMove): MoveLine[] {
  return [
    ...move.failures.map(({ id, reason }): MoveLine => ({ id, result: "failed", text: `stays: ${failureText(reason)}` })),
    ...move.missing.map((id): MoveLine => ({ id, result: "missing", text: "was not found: somebody else may have moved it" })),
    ...move.moved_ids.map((id): MoveLine => ({ id, result: "moved", text: "moved back" })),
  ];
}

/** How many messages of each reason, the most frequent first. */
export function byReason(messages: readonly QuarantinedMessage[]): { reason: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { reason } of messages) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts.entries()].map(([reason, count]) => ({ reason, count })).sort((one, other) => other.count - one.count);
}

/** A body as it is shown: JSON in lines, anything else as it is. */
export function bodyText(message: Pick<QuarantinedMessage, "body" | "body_form" | "truncated">): string {
  if (message.body === null) return "";
  if (message.body_form !== "text" || message.truncated) return message.body;
  try {
    return JSON.stringify(JSON.parse(message.body), null, 2);
  } catch {
    return message.body;
  }
}

/** The ids without those that are no longer there. */
export function stillThere(selected: ReadonlySet<string>, messages: readonly QuarantinedMessage[]): ReadonlySet<string> {
  const there = new Set(messages.map((message) => message.id));
  return [...selected].every((id) => there.has(id)) ? selected : new Set([...selected].filter((id) => there.has(id)));
}

/** A key for each message: those that are alike in all that makes an id share it. */
export function keysOf(messages: readonly QuarantinedMessage[]): Map<QuarantinedMessage, string> {
  const times = new Map<string, number>();
  return new Map(
    messages.map((message) => {
      const time = times.get(message.id) ?? 0;
      times.set(message.id, time + 1);
      return [message, time === 0 ? message.id : `${message.id} ${time}`];
    }),
  );
}
