/** One message of a stream of server-sent events. */
export interface StreamMessage {
  event: string;
  data: string;
  /** The last id that came, also with an earlier message. */
  id: string | null;
}

/**
 * Takes a stream apart as it comes, in pieces of any size.
 *
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export class StreamParser {
  /** What is kept of a message that does not end: the sidecar's are far smaller. */
  static readonly longestMessage = 4 << 20;

  private rest = "";
  private data: string[] = [];
  private size = 0;
  private event = "";
  lastID: string | null = null;
  /** Pause before coming back that the stream asks for, ms. */
  retry: number | null = null;

  /** The messages that this piece completes. */
  push(piece: string): StreamMessage[] {
    const messages: StreamMessage[] = [];
    const text = this.rest + piece;
    let begin = 0;
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      if (code !== 10 && code !== 13) continue;
      // A carriage return at the very end may be the first half of a line's end.
      if (code === 13 && index + 1 === text.length) break;
      const message = this.line(text.slice(begin, index));
      if (message !== null) messages.push(message);
      if (code === 13 && text.charCodeAt(index + 1) === 10) index += 1;
      begin = index + 1;
    }
    this.rest = text.slice(begin);
    if (this.rest.length + this.size > StreamParser.longestMessage) throw new RangeError("an event is too long");
    return messages;
  }

  /** For a new connection: what was half received does not go on there. */
  reset(): void {
    this.rest = "";
    this.data = [];
    this.size = 0;
    this.event = "";
  }

  private line(line: string): StreamMessage | null {
    if (line === "") return this.end();
    if (line.startsWith(":")) return null;
    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon);
    let value = colon < 0 ? "" : line.slice(colon + 1);
    if (value.startsWith(" ")) value = value.slice(1);
    switch (name) {
      case "data":
        this.data.push(value);
        this.size += value.length;
        break;
      case "event":
        this.event = value;
        break;
      case "id":
        if (!value.includes("\0")) this.lastID = value;
        break;
      case "retry":
        if (/^[0-9]+$/.test(value)) this.retry = Number(value);
        break;
    }
    return null;
  }

  private end(): StreamMessage | null {
    const message = this.data.length === 0 ? null : { event: this.event || "message", data: this.data.join("\n"), id: this.lastID };
    this.data = [];
    this.size = 0;
    this.event = "";
    return message;
  }
}
