import { Store } from "../api/Store";

export type Theme = "system" | "light" | "dark";

const storageKey = "herald.theme";

/** Light or dark: the system's choice, or the reader's, which is kept. */
class ThemeStore extends Store<Theme> {
  constructor() {
    super(stored());
    this.apply();
  }

  choose(theme: Theme): void {
    this.set(theme);
    this.apply();
    try {
      localStorage.setItem(storageKey, theme);
    } catch {
      // Then the choice lives as long as the page.
    }
  }

  private apply(): void {
    if (this.state === "system") document.documentElement.removeAttribute("data-theme");
    else document.documentElement.setAttribute("data-theme", this.state);
  }
}

function stored(): Theme {
  try {
    const value = localStorage.getItem(storageKey);
    return value === "light" || value === "dark" ? value : "system";
  } catch {
    return "system";
  }
}

export const theme = new ThemeStore();
