import type { ActionKind } from "../../api/types";

/** Decisions of the last seconds by action, counted as they come: index 0 is the oldest second. */
export class Pulse {
  private readonly counts: Record<ActionKind, number[]>;
  /** The second that the last place stands for, since 1970. */
  private last: number;

  constructor(readonly length: number, now: number) {
    const zeros = () => new Array<number>(length).fill(0);
    this.counts = { dispatch: zeros(), retry: zeros(), give_up: zeros() };
    this.last = Math.floor(now / 1000);
  }

  /** Moves on to now, ms since 1970; time does not go back. */
  advance(now: number): void {
    const second = Math.floor(now / 1000);
    const steps = Math.min(this.length, second - this.last);
    if (steps <= 0) return;
    for (const values of Object.values(this.counts)) {
      values.splice(0, steps);
      for (let index = 0; index < steps; index += 1) values.push(0);
    }
    this.last = second;
  }

  add(action: ActionKind, amount = 1): void {
    const values = this.counts[action];
    // An action of a later version is counted nowhere rather than wrongly.
    if (values !== undefined) values[this.length - 1] = (values[this.length - 1] ?? 0) + amount;
  }

  /** The seconds that are over, so that the last is whole. */
  get whole(): Record<ActionKind, number[]> {
    const cut = (values: number[]) => values.slice(0, -1);
    return { dispatch: cut(this.counts.dispatch), retry: cut(this.counts.retry), give_up: cut(this.counts.give_up) };
  }

  /** Begin of the first whole second, ms since 1970. */
  get begin(): number {
    return (this.last - this.length + 1) * 1000;
  }
}
