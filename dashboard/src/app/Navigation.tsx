import { session } from "../api/session";
import { useStore } from "../api/useStore";
import { Icon } from "../ui/Icon";
import { pages } from "./pages";
import { link } from "./router";
import { ThemeSwitch } from "./ThemeSwitch";

export function Navigation({ current }: { current: string | null }) {
  const { token, caller } = useStore(session);
  return (
    <header className="nav">
      <a className="nav-brand" href={link("")} aria-label="Herald, overview">
        <Icon name="herald" />
        <span>Herald</span>
      </a>
      <nav aria-label="Pages">
        <ul>
          {pages.map((page) => (
            <li key={page.path}>
              <a
                className="nav-link" href={link(page.path)} aria-current={page.path === current ? "page" : undefined}
                title={`${page.title} (g ${page.key})`}
              >
                <Icon name={page.icon} />
                <span>{page.title}</span>
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <div className="nav-foot">
        {(caller !== null || token !== null) && (
          <div className="nav-caller" title={caller === null ? undefined : `Roles: ${caller.roles.join(", ") || "none"}`}>
            <Icon name="person" />
            <span>{caller?.name ?? "signed in"}</span>
            {token !== null && (
              <button className="link-button" onClick={() => session.signOut()}>
                Sign out
              </button>
            )}
          </div>
        )}
        <ThemeSwitch />
      </div>
    </header>
  );
}
