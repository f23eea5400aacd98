import { useEffect, useRef, useState } from "react";
import type { LiveEvent, StreamState } from "../../api/events";
import { useEvents } from "../../api/events";
import type { ActionKind, HealthEvent, Queues } from "../../api/types";
import { Pulse } from "./pulse";

export interface Live {
  state: StreamState;
  /** Depths and rates of the last two seconds, without routes. */
  queues: Queues | null;
  pulse: { begin: number; counts: Record<ActionKind, number[]> } | null;
  /** Whether the sidecar has its servers; null = not known. */
  health: HealthEvent | null;
  /** Events that the stream left out in the last minute; null = some, nobody knows how many. */
  dropped: number | null;
}

const secondsShown = 61;

/** What comes by the stream of events: however many there are, the page changes once a second. */
export function useLive(): Live {
  const pulse = useRef<Pulse>(new Pulse(secondsShown, Date.now()));
  const missed = useRef<{ at: number; count: number | null }[]>([]);
  const [queues, setQueues] = useState<Queues | null>(null);
  const [health, setHealth] = useState<HealthEvent | null>(null);
  const [view, setView] = useState<Pick<Live, "pulse" | "dropped">>({ pulse: null, dropped: 0 });
  const { state } = useEvents({ kinds: ["decision", "queues", "health"] }, (events: LiveEvent[]) => {
    const now = Date.now();
    pulse.current.advance(now);
    let last: Queues | null = null;
    for (const event of events) {
      if (event.kind === "decision") pulse.current.add(event.data.action);
      else if (event.kind === "queues") last = event.data;
      else if (event.kind === "health") setHealth(event.data);
      else if (event.kind === "dropped") missed.current.push({ at: now, count: event.data.count });
    }
    if (last !== null) setQueues(last);
  }, { every: 250 });
  useEffect(() => {
    const timer = setInterval(() => {
      const now = Date.now();
      pulse.current.advance(now);
      missed.current = missed.current.filter(({ at }) => now - at < secondsShown * 1000).slice(-100);
      const counts = missed.current.map(({ count }) => count);
      const dropped = counts.includes(null) ? null : counts.reduce((sum: number, count) => sum + (count ?? 0), 0);
      setView({ pulse: { begin: pulse.current.begin, counts: pulse.current.whole }, dropped });
    }, 1000);
    return () => clearInterval(timer);
  }, []);
  return { state, queues, health, ...view };
}
