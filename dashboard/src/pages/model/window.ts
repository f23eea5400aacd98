import type { WindowName } from "../../api/types";
import { useParameter } from "../../app/router";

export const windows: readonly WindowName[] = ["1h", "24h", "7d"];
export const windowWords: Record<WindowName, string> = { "1h": "1 hour", "24h": "24 hours", "7d": "7 days" };
export const windowOptions = windows.map((value) => ({ value, label: value.replace(/(\d+)/, "$1 "), title: `last ${windowWords[value]}` }));

/** Attempts that have to be judged before there are figures. */
export const leastMatured = 30;

/** The window of what is shown of production, for the whole page. */
export function useWindow(): [WindowName, (name: WindowName) => void] {
  const [chosen, choose] = useParameter("window", "7d");
  return [windows.find((name) => name === chosen) ?? "7d", choose];
}
