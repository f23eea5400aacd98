import type { ReactNode } from "react";
import { useId } from "react";

export interface CardProps {
  title: ReactNode;
  /** What the figures are about and of which time: beside the title. */
  about?: ReactNode;
  /** Buttons, links, switches at the right. */
  actions?: ReactNode;
  /** Without padding, for tables and pictures that go to the edge. */
  isFlush?: boolean;
  className?: string;
  children?: ReactNode;
}

/** A part of a page with a heading: a landmark for screen readers. */
export function Card({ title, about, actions, isFlush = false, className = "", children }: CardProps) {
  const id = useId();
  return (
    <section className={`card ${className}`} aria-labelledby={id}>
      <header className="card-head">
        <h2 id={id}>{title}</h2>
        {about !== undefined && <p className="card-about">{about}</p>}
        {actions !== undefined && <div className="card-actions">{actions}</div>}
      </header>
      <div className={isFlush ? "card-body card-flush" : "card-body"}>{children}</div>
    </section>
  );
}
