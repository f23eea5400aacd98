import type { ReactNode } from "react";
import { signed } from "../ui/format";

export interface SignedBar {
  key: string;
  label: ReactNode;
  /** What stands beside the label, such as the feature's value. */
  note?: ReactNode;
  value: number;
}

/** Bars to both sides of a line: what speaks for and what against. */
export function SignedBars({ bars, label, decimals = 2, describe }: {
  bars: readonly SignedBar[];
  label: string;
  decimals?: number;
  /** For hovering and screen readers. */
  describe?: (bar: SignedBar) => string;
}) {
  const largest = Math.max(1e-9, ...bars.map((bar) => Math.abs(bar.value)));
  return (
    <ul className="signed-bars" aria-label={label}>
      {bars.map((bar) => (
        <li key={bar.key} title={describe?.(bar)}>
          <span className="signed-label">{bar.label}</span>
          <span className="signed-note">{bar.note}</span>
          <span className="signed-track" aria-hidden>
            <span
              className={bar.value < 0 ? "signed-bar signed-minus" : "signed-bar signed-plus"} style={{ width: `${(Math.abs(bar.value) / largest) * 50}%` }}
            />
          </span>
          <span className="signed-value num">{signed(bar.value, decimals)}</span>
        </li>
      ))}
    </ul>
  );
}
