import type { ModelEvent } from "../../api/types";

/** The events of several versions as one history, the newest first, each once. */
export function union(histories: readonly (readonly ModelEvent[])[]): ModelEvent[] {
  const found = new Map<string, ModelEvent>();
  for (const event of histories.flat()) found.set(`${event.at} ${event.kind} ${event.alias} ${event.from} ${event.to}`, event);
  return [...found.values()].sort((one, other) => Date.parse(other.at) - Date.parse(one.at));
}

const verbs: Record<string, string> = {
  registered: "registered", challenged: "made challenger", promoted: "promoted to champion", rolled_back: "made champion again by a rollback",
  imported: "imported", refused: "refused", alert: "alert",
};

export function eventText(event: ModelEvent): string {
  return verbs[event.kind] ?? event.kind.replaceAll("_", " ");
}
