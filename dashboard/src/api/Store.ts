/** A value that components watch with `useStore`. */
export class Store<T> {
  private readonly watchers = new Set<() => void>();
  private current: T;

  constructor(initial: T) {
    this.current = initial;
  }

  get state(): T {
    return this.current;
  }

  set(value: T): void {
    if (Object.is(value, this.current)) return;
    this.current = value;
    for (const watcher of [...this.watchers]) watcher();
  }

  /** Bound, so that React sees the same function each time. */
  readonly watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    this.watched(this.watchers.size);
    return () => {
      this.watchers.delete(watcher);
      this.watched(this.watchers.size);
    };
  };

  readonly snapshot = (): T => this.current;

  /** For stores that work only while somebody looks. */
  protected watched(_count: number): void {}
}
