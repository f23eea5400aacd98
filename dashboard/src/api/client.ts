import { ApiProblem, problemOf } from "./problem";
import type { Role } from "./session";
import { session } from "./session";

/** The longest that the sidecar itself lets a request wait, and a little. */
const timeoutSeconds = 30;

export interface RequestOptions {
  method?: "GET" | "POST" | "DELETE";
  /** Sent as JSON; a string is sent as it is. */
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** The role that the route asks for: when the sidecar refuses it, what needs it is disabled from then on. */
  role?: Role;
}

/**
 * Asks the sidecar, relative to where the page lies.
 *
 * @param path without a leading slash, such as `queues?routes=1000`
 * @throws ApiProblem
 */
export async function request<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const { status, text } = await send(path, options);
  if (status === 204 || text === "") return undefined as unknown as T;
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new ApiProblem("malformed", status, "The answer is no JSON", `${path.split("?")[0]} answered with something that is no JSON`);
  }
}

async function send(path: string, options: RequestOptions): Promise<{ status: number; text: string }> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), timeoutSeconds * 1000);
  const stop = () => abort.abort();
  options.signal?.addEventListener("abort", stop);
  if (options.signal?.aborted) abort.abort();
  const headers: Record<string, string> = { Accept: "application/json", ...session.headers(), ...options.headers };
  if (options.body !== undefined) headers["Content-Type"] = "application/json";
  try {
    const answer = await fetch(path, {
      method: options.method ?? "GET",
      headers,
      body: options.body === undefined ? null : typeof options.body === "string" ? options.body : JSON.stringify(options.body),
      signal: abort.signal,
      cache: "no-store",
      credentials: "same-origin",
      redirect: "error",
    });
    const text = await answer.text();
    if (answer.ok) {
      session.allowed(options.role);
      return { status: answer.status, text };
    }
    const problem = problemOf(answer.status, text, answer.headers.get("Retry-After"));
    session.refused(problem, options.role);
    throw problem;
  } catch (error) {
    if (error instanceof ApiProblem) throw error;
    if (options.signal?.aborted) throw error;
    throw new ApiProblem("unreachable", 0, "No answer", abort.signal.aborted ? `no answer within ${timeoutSeconds} s` : "no connection");
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener("abort", stop);
  }
}

/** A path with the parameters that have a value. */
export function withQuery(path: string, parameters: Record<string, string | number | boolean | null | undefined>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== null && value !== undefined && value !== "") query.set(name, String(value));
  }
  // A blank as RFC 3986 has it, not as forms write it.
  const text = query.toString().replace(/\+/g, "%20");
  return text === "" ? path : `${path}?${text}`;
}
