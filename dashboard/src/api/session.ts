import type { ApiProblem } from "./problem";
import { Store } from "./Store";

export type Role = "predict" | "read" | "train" | "admin";

export interface SessionState {
  token: string | null;
  /** Why this page may see nothing; null = it may, as far as is known. */
  locked: string | null;
  /** Whether the sign-in is open. */
  isAsking: boolean;
  /** Name and roles of the caller; null = not known yet. */
  caller: { name: string; roles: Role[] } | null;
  /** Roles that the sidecar has refused this token. */
  refused: readonly Role[];
}

const storageKey = "herald.token";

/** Who this page is to the sidecar. The token lives as long as the tab. */
class Session extends Store<SessionState> {
  constructor() {
    super({ token: stored(), locked: null, isAsking: false, caller: null, refused: [] });
  }

  headers(): Record<string, string> {
    return this.state.token === null ? {} : { Authorization: `Bearer ${this.state.token}` };
  }

  signIn(token: string): void {
    keep(token);
    this.set({ token, locked: null, isAsking: false, caller: null, refused: [] });
  }

  signOut(): void {
    keep(null);
    this.set({ token: null, locked: "You are signed out.", isAsking: false, caller: null, refused: [] });
  }

  ask(): void {
    this.set({ ...this.state, isAsking: true });
  }

  dismiss(): void {
    this.set({ ...this.state, isAsking: false });
  }

  know(caller: { name: string; roles: Role[] }): void {
    const isLocked = caller.roles.length === 0;
    const reason = this.state.token === null ? "This sidecar asks for a token." : `The token of '${caller.name}' has no role: it may see nothing.`;
    const isNew = isLocked && this.state.locked === null;
    this.set({ ...this.state, caller, locked: isLocked ? this.state.locked ?? reason : this.state.locked, isAsking: this.state.isAsking || isNew });
  }

  /** The sidecar let a request through that needs the role. */
  allowed(role: Role | undefined): void {
    if (role === undefined || !this.state.refused.includes(role)) return;
    this.set({ ...this.state, refused: this.state.refused.filter((one) => one !== role) });
  }

  refused(problem: ApiProblem, role: Role | undefined): void {
    if (problem.status === 401 && this.state.locked === null) {
      const locked = this.state.token === null ? "This sidecar asks for a token." : "The sidecar does not know this token.";
      this.set({ ...this.state, locked, isAsking: true });
    } else if (problem.status === 403 && role !== undefined && !this.state.refused.includes(role)) {
      this.set({ ...this.state, refused: [...this.state.refused, role] });
    }
  }
}

/** Why the caller may not do what needs the role, for a disabled button; null = it may, as far as is known. */
export function whyNot(state: SessionState, role: Role): string | null {
  const roles = state.caller?.roles;
  const lacks = roles !== undefined ? !roles.includes(role) && !roles.includes("admin") : state.refused.includes(role);
  if (!lacks) return null;
  return `This needs the role ${role}, which ${state.caller === null ? "your token" : `'${state.caller.name}'`} does not have.`;
}

function stored(): string | null {
  try {
    return sessionStorage.getItem(storageKey);
  } catch {
    return null; // Storage may be forbidden: then the token lives as long as the page.
  }
}

function keep(token: string | null): void {
  try {
    if (token === null) sessionStorage.removeItem(storageKey);
    else sessionStorage.setItem(storageKey, token);
  } catch {
    // As above.
  }
}

export const session = new Session();
