import { useEffect, useMemo } from "react";
import { request } from "./client";
import { ApiProblem } from "./problem";
import type { Role } from "./session";
import { session } from "./session";
import { Store } from "./Store";
import { useStore } from "./useStore";

export interface Polled<T> {
  /** The last good answer, also while a later request fails. */
  data: T | null;
  /** What went wrong with the last request. */
  problem: ApiProblem | null;
  /** When `data` came, ms since 1970. */
  at: number | null;
  isLoading: boolean;
}

/** The longest pause between two tries, in ms: of a sidecar that answers, and of one that does not, which it costs nothing. */
const longestPause = 60_000;
const longestPauseUnreachable = 10_000;

/** Pause before the next try after so many failures in a row, in ms; a `Retry-After` is kept to. */
export function pauseAfter(failures: number, every: number, retryAfter: number | null, isUnreachable = false): number {
  const doubled = Math.min(isUnreachable ? longestPauseUnreachable : longestPause, Math.max(1000, every) * 2 ** Math.min(failures, 10));
  return Math.max(doubled, (retryAfter ?? 0) * 1000);
}

/** Asks for one path again and again while somebody looks and the page is visible. */
export class Poller<T> extends Store<Polled<T>> {
  /** Pause between two requests in ms; Infinity = ask once. */
  every = Infinity;
  /** The path that is really asked for, where it changes with time; default: the path that names the poller. */
  makePath: (() => string) | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private abort: AbortController | undefined;
  private failures = 0;
  private isWatched = false;

  constructor(private readonly path: string, private readonly role: Role) {
    super({ data: null, problem: null, at: null, isLoading: true });
  }

  protected override watched(count: number): void {
    if (count > 0 === this.isWatched) return;
    this.isWatched = count > 0;
    if (this.isWatched) {
      document.addEventListener("visibilitychange", this.visibilityChanged);
      const age = this.state.at === null ? Infinity : Date.now() - this.state.at;
      if (age >= Math.min(this.every, 30_000)) void this.ask();
      else this.wait(this.every - age);
    } else {
      document.removeEventListener("visibilitychange", this.visibilityChanged);
      this.stop();
    }
  }

  /** Asks now. */
  readonly refresh = (): Promise<void> => {
    this.stop();
    return this.ask();
  };

  private readonly visibilityChanged = (): void => {
    if (document.visibilityState === "hidden") this.stop();
    else if (this.every < Infinity || this.state.data === null) void this.refresh();
  };

  private stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.abort?.abort();
    this.abort = undefined;
  }

  private wait(pause: number): void {
    clearTimeout(this.timer);
    if (this.isWatched && pause < Infinity) this.timer = setTimeout(() => void this.ask(), pause);
  }

  private async ask(): Promise<void> {
    this.abort?.abort();
    const abort = new AbortController();
    this.abort = abort;
    if (!this.state.isLoading) this.set({ ...this.state, isLoading: true });
    try {
      const data = await request<T>(this.makePath?.() ?? this.path, { signal: abort.signal, role: this.role });
      this.failures = 0;
      this.set({ data, problem: null, at: Date.now(), isLoading: false });
      this.wait(this.every);
    } catch (error) {
      if (abort.signal.aborted) return;
      const problem = error instanceof ApiProblem ? error : new ApiProblem("malformed", 0, "The page failed", String(error));
      this.failures += 1;
      this.set({ ...this.state, problem, isLoading: false });
      // What is wrong with the request itself does not get right by asking again, except that somebody may sign in.
      if (problem.isPassing) this.wait(pauseAfter(this.failures, this.every < Infinity ? this.every : 5000, problem.retryAfter, problem.status === 0));
    }
  }
}

/** What was asked for lately, so that a page that is opened again shows its figures at once. Bounded. */
const pollers = new Map<string, Poller<unknown>>();
const pollersKept = 40;

function poller<T>(path: string, role: Role): Poller<T> {
  let found = pollers.get(path);
  if (found === undefined) {
    found = new Poller<unknown>(path, role);
    for (const key of pollers.keys()) {
      if (pollers.size < pollersKept) break;
      pollers.delete(key);
    }
  }
  pollers.delete(path);
  pollers.set(path, found);
  return found as Poller<T>;
}

export interface PollOptions {
  /** Pause between two requests, ms; default: ask once. */
  every?: number;
  role?: Role;
  /** Makes the path anew each time, as for a period that ends now; `path` is then its name alone and says all that it depends on. */
  makePath?: () => string;
}

const nothing = new Store<Polled<never>>({ data: null, problem: null, at: null, isLoading: false });

/**
 * The answer to `GET path`, kept up to date while the page is visible; failures back off.
 *
 * @param path null = nothing is asked for
 */
export function usePoll<T>(path: string | null, { every = Infinity, role = "read", makePath }: PollOptions = {}): Polled<T> & { refresh: () => void } {
  const { token } = useStore(session);
  const source = useMemo(() => {
    if (path === null) return null;
    const found = poller<T>(path, role);
    found.every = every;
    found.makePath = makePath;
    return found;
  }, [path, role, every]);
  const state = useStore<Polled<T>>(source ?? (nothing as Store<Polled<T>>));
  useEffect(() => {
    // Another caller may be told something else.
    if (source !== null && source.state.problem !== null) void source.refresh();
  }, [token, source]);
  return { ...state, refresh: () => void source?.refresh() };
}
