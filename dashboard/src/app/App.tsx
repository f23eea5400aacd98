import { useEffect, useRef } from "react";
import { session } from "../api/session";
import { useStore } from "../api/useStore";
import { Button } from "../ui/Button";
import { Empty } from "../ui/Empty";
import { Account } from "./Account";
import { ErrorBoundary } from "./ErrorBoundary";
import { Navigation } from "./Navigation";
import { pages } from "./pages";
import { link, usePlace } from "./router";
import { SignIn } from "./SignIn";
import { StatusBanner } from "./StatusBanner";
import { ThemeSwitch } from "./ThemeSwitch";
import { useCaller } from "./useCaller";
import { useShortcuts } from "./useShortcuts";

export function App() {
  const place = usePlace();
  const { locked, isAsking } = useStore(session);
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  const page = pages.find((entry) => entry.path === place.page);
  useCaller();
  useShortcuts();
  useEffect(() => {
    document.title = `${page?.title ?? "Not found"} · Herald`;
    window.scrollTo(0, 0);
    // Whoever listens to the page hears that it is another one; the first is announced by the browser.
    if (!isFirst.current) main.current?.focus({ preventScroll: true });
    isFirst.current = false;
  }, [page]);
  return (
    <div className="shell">
      <a className="skip-link" href="#main" onClick={(event) => (event.preventDefault(), main.current?.focus())}>
        Skip to the content
      </a>
      <Navigation current={page?.path ?? null} />
      <div className="shell-body">
        <StatusBanner />
        <main id="main" ref={main} tabIndex={-1} aria-label={page?.title ?? "Not found"}>
          <ErrorBoundary key={place.page}>
            {locked !== null ? (
              <Empty title={locked}>
                <Button kind="primary" onClick={() => session.ask()}>
                  Sign in
                </Button>
              </Empty>
            ) : (
              page?.render() ?? (
              <Empty title="There is no such page">
                <a href={link("")}>Go to the overview</a>
              </Empty>
              )
            )}
          </ErrorBoundary>
        </main>
        <footer className="shell-foot">
          <Account />
          <ThemeSwitch />
        </footer>
      </div>
      {isAsking && <SignIn reason={locked} />}
    </div>
  );
}
