import { useState } from "react";
import { request } from "./client";
import { ApiProblem } from "./problem";
import type { Role } from "./session";

export interface Action<T> {
  isBusy: boolean;
  problem: ApiProblem | null;
  /** What the last success answered. */
  result: T | null;
  /** Does it; null = it failed, and `problem` says why. A second call while one is under way does nothing. */
  run: (path: string, method: "POST" | "DELETE", body?: unknown) => Promise<T | null>;
}

/** Something that changes the world: one at a time, with what came of it. */
export function useAction<T>(role: Role): Action<T> {
  const [state, setState] = useState<{ isBusy: boolean; problem: ApiProblem | null; result: T | null }>({ isBusy: false, problem: null, result: null });
  async function run(path: string, method: "POST" | "DELETE", body?: unknown): Promise<T | null> {
    if (state.isBusy) return null;
    setState({ isBusy: true, problem: null, result: null });
    try {
      const result = await request<T>(path, { method, body, role });
      setState({ isBusy: false, problem: null, result });
      return result;
    } catch (error) {
      const problem = error instanceof ApiProblem ? error : new ApiProblem("malformed", 0, "The page failed", String(error));
      setState({ isBusy: false, problem, result: null });
      return null;
    }
  }
  return { ...state, run };
}
