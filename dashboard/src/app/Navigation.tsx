import { Icon } from "../ui/Icon";
import { Account } from "./Account";
import { pages } from "./pages";
import { link } from "./router";
import { ThemeSwitch } from "./ThemeSwitch";

export function Navigation({ current }: { current: string | null }) {
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
        <Account />
        <ThemeSwitch />
      </div>
    </header>
  );
}
