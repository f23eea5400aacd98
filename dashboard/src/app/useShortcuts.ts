import { useEffect } from "react";
import { pages } from "./pages";
import { link, navigate } from "./router";

/** `g` and a page's key goes there, as the navigation's tooltips say. */
export function useShortcuts(): void {
  useEffect(() => {
    let pressed = 0;
    const listen = (event: globalThis.KeyboardEvent) => {
      const target = event.target as HTMLElement | null;
      if (event.ctrlKey || event.metaKey || event.altKey || target?.closest("input, textarea, select, dialog, [contenteditable]")) return;
      const now = performance.now();
      const page = now - pressed < 1000 ? pages.find((entry) => entry.key === event.key) : undefined;
      pressed = event.key === "g" ? now : 0;
      if (page !== undefined) navigate(link(page.path));
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);
}
