import type { ReactNode } from "react";
import { Icon } from "./Icon";

export type Tone = "good" | "warn" | "bad" | "info";

const icons = { good: "check", warn: "warning", bad: "cross", info: "info" } as const;
const spoken = { good: "Good", warn: "Warning", bad: "Error", info: "Note" } as const;

interface NoticeProps {
  tone: Tone;
  title?: ReactNode;
  action?: ReactNode;
  /** A line over the whole width. */
  isBar?: boolean;
  children?: ReactNode;
}

/** Something to know or to do, said in a sentence; told by sign and word, not by colour alone. */
export function Notice({ tone, title, action, isBar = false, children }: NoticeProps) {
  return (
    <div className={`notice notice-${tone}${isBar ? " notice-bar" : ""}`} role={tone === "bad" ? "alert" : "status"}>
      <Icon name={icons[tone]} label={spoken[tone]} />
      <div className="notice-text">
        {title !== undefined && <strong>{title}</strong>} {children !== undefined && <span>{children}</span>}
      </div>
      {action}
    </div>
  );
}
