/** A request that did not come to a good end: a problem document of the sidecar (RFC 9457), or no answer at all. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";

  constructor(
    /** The stable word behind `urn:herald:problem:`, or `unreachable`, `malformed`. */
    readonly kind: string,
    /** HTTP status; 0 = there was no answer. */
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    /** What is wrong: a field of the job, a parameter. */
    readonly field: string | null = null,
    /** For the sidecar's log. */
    readonly requestID: string | null = null,
    /** Seconds to wait before the next try. */
    readonly retryAfter: number | null = null,
  ) {
    super(detail);
  }

  /** What happened and what to do, in one or two plain sentences. */
  get plainly(): string {
    switch (this.kind) {
      case "unreachable":
        return "The sidecar does not answer.";
      case "unauthenticated":
        return `Sign in with a token: ${this.detail}`;
      case "forbidden":
        return `Your token does not allow this: ${this.detail}`;
      case "overloaded":
        return `The sidecar is busy${this.retryAfter === null ? "" : `, and asks to come back in ${this.retryAfter} s`}. ${sentence(this.detail)}`;
      case "timeout":
        return `This took too long and was broken off: ${this.detail}`;
      default:
        return sentence(this.detail || this.title);
    }
  }

  /** Whether the same request may well succeed later. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

function sentence(text: string): string {
  return text === "" ? text : text[0]!.toUpperCase() + text.slice(1);
}

/** Makes sense of an answer that is no success; `text` may be anything. */
export function problemOf(status: number, text: string, retryAfterHeader: string | null): ApiProblem {
  const seconds = retryAfterHeader === null ? NaN : Number(retryAfterHeader);
  const retryAfter = Number.isFinite(seconds) && seconds >= 0 ? seconds : null;
  let document: Record<string, unknown> = {};
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === "object" && parsed !== null) document = parsed as Record<string, unknown>;
  } catch {
    // A proxy in between may answer in its own words.
  }
  const word = (key: string) => (typeof document[key] === "string" ? (document[key] as string) : null);
  const kind = word("type")?.replace(/^urn:herald:problem:/, "") ?? kindOf(status);
  const title = word("title") ?? `HTTP status ${status}`;
  return new ApiProblem(kind, status, title, word("detail") ?? title, word("field"), word("request_id"), retryAfter);
}

function kindOf(status: number): string {
  if (status === 401) return "unauthenticated";
  if (status === 403) return "forbidden";
  if (status === 404) return "not-found";
  if (status === 429 || status === 503) return "overloaded";
  return status === 504 ? "timeout" : "malformed";
}
