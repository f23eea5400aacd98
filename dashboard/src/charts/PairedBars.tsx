import type { ReactNode } from "react";
import { seriesColor } from "./palette";

export interface PairedBar {
  key: string;
  label: ReactNode;
  /** One for each series that is drawn; null = the series does not have it. */
  values: readonly (number | null)[];
}

/** Amounts by name, a bar for each series: the second is hatched, so that it needs no colour. */
export function PairedBars({ bars, label, series, format }: {
  bars: readonly PairedBar[];
  label: string;
  /** Places of the series in the palette. */
  series: readonly number[];
  format: (value: number) => string;
}) {
  const largest = Math.max(1e-9, ...bars.flatMap((bar) => bar.values.map((value) => value ?? 0)));
  return (
    <ul className="paired-bars" aria-label={label}>
      {bars.map((bar) => (
        <li key={bar.key}>
          <span className="paired-label">{bar.label}</span>
          <span className="paired-tracks">
            {bar.values.map((value, index) => (
              <span key={index} className="paired-track">
                <span
                  className={`paired-bar paired-bar-${series[index]}`} aria-hidden
                  style={{ width: `${(100 * (value ?? 0)) / largest}%`, "--bar": seriesColor(series[index]!) }}
                />
                <span className="paired-value num">{value === null ? <span className="faint">not used</span> : format(value)}</span>
              </span>
            ))}
          </span>
        </li>
      ))}
    </ul>
  );
}
