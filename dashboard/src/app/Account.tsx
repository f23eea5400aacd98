import { session } from "../api/session";
import { useStore } from "../api/useStore";
import { Icon } from "../ui/Icon";

/** Who this page is to the sidecar; nothing where nobody needs to be anybody. */
export function Account() {
  const { token, caller, refused } = useStore(session);
  if (token === null && caller === null && refused.length === 0) return null;
  return (
    <div className="account" title={caller === null ? undefined : `Roles: ${caller.roles.join(", ") || "none"}`}>
      <Icon name="person" />
      <span>{caller?.name ?? (token === null ? "not signed in" : "signed in")}</span>
      {token !== null ? (
        <button className="link-button" onClick={() => session.signOut()}>
          Sign out
        </button>
      ) : (
        caller?.name !== "local" && (
          <button className="link-button" onClick={() => session.ask()}>
            Sign in
          </button>
        )
      )}
    </div>
  );
}
