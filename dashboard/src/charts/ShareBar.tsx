/** A share with its interval on a line from 0 to 1. */
export function ShareBar({ value, low, high, color = "var(--s1)", mark, label }: {
  value: number;
  low?: number | null;
  high?: number | null;
  color?: string;
  /** A thin mark at another share, such as that of yesterday. */
  mark?: number | null;
  label: string;
}) {
  const at = (share: number) => `${Math.max(0, Math.min(1, share)) * 100}%`;
  return (
    <div className="share-bar" role="img" aria-label={label}>
      <span className="share-fill" style={{ width: at(value), background: color }} />
      {typeof low === "number" && typeof high === "number" && <span className="share-band" style={{ left: at(low), width: at(high - low) }} />}
      {typeof mark === "number" && <span className="share-mark" style={{ left: at(mark) }} />}
    </div>
  );
}
