export interface LegendEntry {
  key: string;
  label: string;
  color: string;
  dash?: string;
  /** Its figure, such as a total or the value under the cursor. */
  value?: string;
  isArea?: boolean;
}

export function Legend({ entries }: { entries: readonly LegendEntry[] }) {
  return (
    <ul className="legend">
      {entries.map((entry) => (
        <li key={entry.key}>
          <svg viewBox="0 0 18 10" width={18} height={10} aria-hidden>
            {entry.isArea ? (
              <rect x={3} y={0} width={10} height={10} rx={2} fill={entry.color} />
            ) : (
              <line x1={0} x2={18} y1={5} y2={5} stroke={entry.color} strokeWidth={2} strokeDasharray={entry.dash} />
            )}
          </svg>
          {entry.label}
          {entry.value !== undefined && <span className="legend-value">{entry.value}</span>}
        </li>
      ))}
    </ul>
  );
}
