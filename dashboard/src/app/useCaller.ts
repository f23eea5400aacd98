import { useEffect } from "react";
import { request } from "../api/client";
import type { Role } from "../api/session";
import { session } from "../api/session";
import { useStore } from "../api/useStore";

/** Finds out who the caller is and what it may do, before it asks for what it may not. */
export function useCaller(): void {
  const { token } = useStore(session);
  useEffect(() => {
    const abort = new AbortController();
    request<{ name: string; roles: Role[] }>("session", { signal: abort.signal }).then(
      (caller) => Array.isArray(caller.roles) && session.know(caller),
      () => undefined,
    );
    return () => abort.abort();
  }, [token]);
}
