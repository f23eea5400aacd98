import type { Action } from "../../api/types";
import type { LineSeries } from "../../charts/LineChart";
import { seriesColor, seriesDash } from "../../charts/palette";

/** A line for each provider over the delay in seconds. */
export function curves(actions: readonly Action[], of: "probability" | "utility"): LineSeries[] {
  const providers = [...new Set(actions.map((action) => action.provider))];
  return providers.map((provider, index) => ({
    key: provider,
    label: provider,
    color: seriesColor(index),
    dash: seriesDash(index),
    marks: true,
    points: actions
      .filter((action) => action.provider === provider)
      .map((action) => ({ x: action.delay_ms / 1000, y: action[of] }))
      .sort((a, b) => a.x - b.x),
  }));
}

/** The delays that were considered, in seconds. */
export function delaysOf(actions: readonly Action[]): number[] {
  return [...new Set(actions.map((action) => action.delay_ms / 1000))].sort((a, b) => a - b);
}
