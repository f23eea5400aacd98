import type { ReactNode } from "react";
import type { ActionKind, BreakerState, OutcomeState, Priority, Status } from "../api/types";
import { word } from "./format";
import type { IconName } from "./Icon";
import { Icon } from "./Icon";

export type BadgeTone = "neutral" | "good" | "warn" | "bad" | "info" | "dispatch" | "retry" | "give_up";

/** A word that says what something is; a sign beside it, so that it needs no colour. */
export function Badge({ tone = "neutral", icon, children, title }: { tone?: BadgeTone; icon?: IconName; children?: ReactNode; title?: string }) {
  return (
    <span className={`badge badge-${tone}`} title={title}>
      {icon !== undefined && <Icon name={icon} />}
      {children}
    </span>
  );
}

const actionIcons: Record<ActionKind, IconName> = { dispatch: "arrow", retry: "loop", give_up: "cross" };

export function ActionBadge({ action }: { action: ActionKind }) {
  return (
    <Badge tone={action} icon={actionIcons[action]}>
      {word(action)}
    </Badge>
  );
}

const outcomeTones: Record<OutcomeState, [BadgeTone, IconName | undefined]> = {
  delivered: ["good", "check"], failed: ["bad", "cross"], pending: ["neutral", "half"], not_attempted: ["neutral", undefined],
};

export function OutcomeBadge({ outcome }: { outcome: OutcomeState }) {
  const [tone, icon] = outcomeTones[outcome] ?? ["neutral", undefined];
  return (
    <Badge tone={tone} icon={icon}>
      {word(outcome)}
    </Badge>
  );
}

export function StatusBadge({ status }: { status: Status }) {
  const tone: BadgeTone = status === "delivered" ? "good" : status === "none" ? "neutral" : status === "throttled" || status === "timeout" ? "warn" : "bad";
  return (
    <Badge tone={tone} icon={status === "delivered" ? "check" : status === "none" ? undefined : "cross"}>
      {word(status)}
    </Badge>
  );
}

const bars = { low: 1, normal: 2, high: 3 } as const;

export function PriorityBadge({ priority }: { priority: Priority }) {
  return (
    <span className="priority">
      <svg className="priority-bars" viewBox="0 0 12 10" aria-hidden>
        {[4, 7, 10].map((height, index) => (
          <rect key={height} className={index < bars[priority] ? "priority-on" : undefined} x={index * 4.5} y={10 - height} width={3} height={height} />
        ))}
      </svg>
      {priority}
    </span>
  );
}

const breakers: Record<BreakerState, [BadgeTone, IconName]> = { closed: ["good", "check"], open: ["bad", "open"], half_open: ["warn", "half"] };

export function BreakerBadge({ state }: { state: BreakerState | null }) {
  if (state === null) return <Badge>not known</Badge>;
  const [tone, icon] = breakers[state];
  return (
    <Badge tone={tone} icon={icon}>
      {word(state)}
    </Badge>
  );
}
