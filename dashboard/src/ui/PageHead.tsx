import type { ReactNode } from "react";

/** The title of a page, what it is about, and what can be chosen for the whole of it. */
export function PageHead({ title, about, children }: { title: string; about?: ReactNode; children?: ReactNode }) {
  return (
    <div className="page-head">
      <div>
        <h1>{title}</h1>
        {about !== undefined && <p className="muted">{about}</p>}
      </div>
      {children !== undefined && <div className="page-controls">{children}</div>}
    </div>
  );
}
