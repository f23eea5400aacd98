import { useEffect } from "react";
import { request } from "../api/client";
import type { Role } from "../api/session";
import { session } from "../api/session";
import { useStore } from "../api/useStore";

/** Finds out who the caller is and what it may do. A sidecar that does not tell leaves it open: then what it refuses is learned one by one. */
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
