import { useSyncExternalStore } from "react";
import type { Role } from "./session";
import { session, whyNot } from "./session";
import type { Store } from "./Store";

export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.watch, store.snapshot);
}

/** Why the caller may not do what needs the role; null = it may. For `<Button disabledBecause>`. */
export function useWhyNot(role: Role): string | null {
  return whyNot(useStore(session), role);
}
