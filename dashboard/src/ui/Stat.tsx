import type { ReactNode } from "react";

interface StatProps {
  label: ReactNode;
  value: ReactNode;
  /** What the figure is about: its window, what it rests on. */
  about?: ReactNode;
  /** The comparison. */
  change?: ReactNode;
  /** What else is to be said, on hovering. */
  title?: string;
  children?: ReactNode;
}

/** One figure with its name, unit, window and comparison. */
export function Stat({ label, value, about, change, title, children }: StatProps) {
  return (
    <div className="stat" title={title}>
      <div className="stat-label">{label}</div>
      <div className="stat-value">{value}</div>
      {change !== undefined && <div className="stat-change">{change}</div>}
      {about !== undefined && <div className="stat-about">{about}</div>}
      {children}
    </div>
  );
}
