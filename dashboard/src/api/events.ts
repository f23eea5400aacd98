import { useEffect, useRef, useState } from "react";
import { withQuery } from "./client";
import { ApiProblem, problemOf } from "./problem";
import { session } from "./session";
import { StreamParser } from "./sse";
import type { DecisionEvent, EventKind, HealthEvent, ModelEvent, OutcomeEvent, Queues } from "./types";
import { useStore } from "./useStore";

export type LiveEvent =
  | { kind: "decision"; data: DecisionEvent }
  | { kind: "outcome"; data: OutcomeEvent }
  | { kind: "model"; data: ModelEvent }
  | { kind: "queues"; data: Queues }
  | { kind: "health"; data: HealthEvent }
  /** Events are missing; null = nobody knows how many. */
  | { kind: "dropped"; data: { count: number | null; reason: string } };

export type StreamState = "connecting" | "live" | "paused" | "lost";

export interface EventFilter {
  kinds: readonly EventKind[];
  channel?: string;
  provider?: string;
  country?: string;
  action?: string;
  outcome?: string;
}

/** Events that wait for the next frame; beyond that the oldest go, and a `dropped` says how many. */
const longestQueue = 2000;
/** How long a hidden page goes on listening: the sidecar has places for 64. */
const hiddenSeconds = 60;
/** So many portions may wait; with more they come all at once: most of them would be out of sight again before they are seen. */
const mostPortions = 40;
/** What a piece of work may take before the page gets its turn, ms. */
const sliceMilliseconds = 8;

/** How events are handed over. */
export interface Pace {
  /** At least so many ms between two batches: 0 = one with each frame; a table that moves as a whole is better read, and drawn, some times a second. */
  every?: number;
  /** Events of a batch: a burst, such as the retry ladder gives back, is spread so that no change takes long. */
  portion?: number;
}

interface StreamCallbacks {
  onEvents: (events: LiveEvent[]) => void;
  onState: (state: StreamState, problem: ApiProblem | null) => void;
}

/**
 * Reads `GET /events` with `fetch`, which can send a token, and comes back by itself where it was.
 *
 * Events are handed over in batches, one an animation frame at most: two hundred a second cost no more renderings than the screen has frames.
 */
export class EventStream {
  private readonly abort = new AbortController();
  private readonly parser = new StreamParser();
  private waiting: LiveEvent[] = [];
  private lost = 0;
  private frame: number | undefined;
  private pacing: ReturnType<typeof setTimeout> | undefined;
  private handedOver = -Infinity;
  private hiddenTimer: ReturnType<typeof setTimeout> | undefined;
  private connection: AbortController | undefined;
  private wake: (() => void) | undefined;

  constructor(private readonly path: string, private readonly callbacks: StreamCallbacks, private readonly pace: Required<Pace>) {
    document.addEventListener("visibilitychange", this.visibilityChanged);
    void this.run();
  }

  close(): void {
    document.removeEventListener("visibilitychange", this.visibilityChanged);
    clearTimeout(this.hiddenTimer);
    clearTimeout(this.pacing);
    if (this.frame !== undefined) cancelAnimationFrame(this.frame);
    this.abort.abort();
    this.connection?.abort();
    this.wake?.();
  }

  private readonly visibilityChanged = (): void => {
    clearTimeout(this.hiddenTimer);
    if (document.visibilityState === "hidden") this.hiddenTimer = setTimeout(() => this.connection?.abort(), hiddenSeconds * 1000);
    else this.wake?.();
  };

  private async run(): Promise<void> {
    let failures = 0;
    while (!this.abort.signal.aborted) {
      if (document.visibilityState === "hidden" && failures > 0) {
        this.callbacks.onState("paused", null);
        await this.pause(Infinity);
        if (this.abort.signal.aborted) return;
      }
      this.callbacks.onState("connecting", null);
      let problem: ApiProblem;
      try {
        await this.read(() => (failures = 0));
        problem = new ApiProblem("unreachable", 0, "The stream ended", "the sidecar closed the stream of events");
      } catch (error) {
        problem = error instanceof ApiProblem ? error : new ApiProblem("unreachable", 0, "The stream broke", "the stream of events broke");
      }
      if (this.abort.signal.aborted) return;
      failures += 1;
      this.callbacks.onState("lost", problem);
      const wait = Math.min(30_000, (this.parser.retry ?? 2000) * 2 ** Math.min(failures - 1, 6));
      await this.pause(Math.max(wait * (0.75 + Math.random() / 2), (problem.retryAfter ?? 0) * 1000));
    }
  }

  private pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = milliseconds < Infinity ? setTimeout(resolve, milliseconds) : undefined;
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private async read(onOpen: () => void): Promise<void> {
    const connection = new AbortController();
    this.connection = connection;
    const headers: Record<string, string> = { Accept: "text/event-stream", ...session.headers() };
    if (this.parser.lastID !== null) headers["Last-Event-ID"] = this.parser.lastID;
    const answer = await fetch(this.path, { headers, signal: connection.signal, cache: "no-store" });
    if (!answer.ok || answer.body === null) {
      const problem = problemOf(answer.status, await answer.text(), answer.headers.get("Retry-After"));
      session.refused(problem, "read");
      // A place in the log that is too long ago is no reason to stay away.
      if (problem.status === 400) this.parser.lastID = null;
      throw problem;
    }
    onOpen();
    this.parser.reset();
    this.callbacks.onState("live", null);
    const reader = answer.body.getReader();
    const decoder = new TextDecoder();
    let sliceBegan = performance.now();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      for (const message of this.parser.push(decoder.decode(value, { stream: true }))) {
        this.take(message.event, message.data);
        if (performance.now() - sliceBegan > sliceMilliseconds) {
          await new Promise((resolve) => setTimeout(resolve, 0));
          sliceBegan = performance.now();
        }
      }
    }
  }

  private take(kind: string, text: string): void {
    try {
      this.waiting.push({ kind, data: JSON.parse(text) } as LiveEvent);
    } catch {
      this.lost += 1;
    }
    if (this.waiting.length > longestQueue) {
      this.lost += this.waiting.length - longestQueue;
      this.waiting.splice(0, this.waiting.length - longestQueue);
    }
    this.schedule();
  }

  private schedule(): void {
    if (this.frame !== undefined || this.pacing !== undefined) return;
    const pause = this.handedOver + this.pace.every - performance.now();
    if (pause > 0) this.pacing = setTimeout(this.askForFrame, pause);
    else this.askForFrame();
  }

  /** Frames do not come while the page is hidden: the queue is the bound. */
  private readonly askForFrame = (): void => {
    this.pacing = undefined;
    this.frame = requestAnimationFrame(this.handOver);
  };

  private readonly handOver = (): void => {
    this.frame = undefined;
    this.handedOver = performance.now();
    const { portion } = this.pace;
    const events = this.waiting.splice(0, this.waiting.length > mostPortions * portion ? this.waiting.length : portion);
    if (this.waiting.length > 0) this.schedule();
    if (this.lost > 0) {
      events.unshift({ kind: "dropped", data: { count: this.lost, reason: "the page was too slow" } });
      this.lost = 0;
    }
    this.callbacks.onEvents(events);
  };
}

/**
 * Listens to the stream while the component is there and `isOn`.
 *
 * @param onEvents gets all events of a frame at once; must not change with each rendering or not matter if it does (the last one is called)
 */
export function useEvents(
  filter: EventFilter, onEvents: (events: LiveEvent[]) => void, { isOn = true, every = 0, portion = Infinity }: Pace & { isOn?: boolean } = {},
): { state: StreamState; problem: ApiProblem | null } {
  const { token } = useStore(session);
  const [status, setStatus] = useState<{ state: StreamState; problem: ApiProblem | null }>({ state: "connecting", problem: null });
  const latest = useRef(onEvents);
  latest.current = onEvents;
  const { kinds, ...rest } = filter;
  const path = withQuery("events", { kinds: kinds.join(","), ...rest });
  useEffect(() => {
    if (!isOn) {
      setStatus({ state: "paused", problem: null });
      return;
    }
    const stream = new EventStream(path, {
      onEvents: (events) => latest.current(events),
      onState: (state, problem) => setStatus({ state, problem }),
    }, { every, portion });
    return () => stream.close();
  }, [path, isOn, token, every, portion]);
  return status;
}
