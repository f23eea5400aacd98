import type { MouseEvent, ReactNode } from "react";
import { useId } from "react";
import type { IconName } from "./Icon";
import { Icon } from "./Icon";

export interface ButtonProps {
  children?: ReactNode;
  kind?: "default" | "primary" | "danger" | "quiet";
  type?: "button" | "submit";
  icon?: IconName;
  /** For a button that shows an icon alone. */
  label?: string;
  isBusy?: boolean;
  /** Why it cannot be pressed: it stays reachable by keyboard and tells. */
  disabledBecause?: string | null;
  isPressed?: boolean;
  onClick?: (event: MouseEvent<HTMLButtonElement>) => void;
}

export function Button({ children, kind = "default", type = "button", icon, label, isBusy, disabledBecause, isPressed, onClick }: ButtonProps) {
  const reasonID = useId();
  const isDisabled = isBusy === true || (disabledBecause !== null && disabledBecause !== undefined);
  return (
    <>
      <button
        className={`button button-${kind}${children === undefined ? " button-icon" : ""}`} type={type} aria-disabled={isDisabled || undefined}
        aria-busy={isBusy || undefined} aria-pressed={isPressed} aria-label={label} title={disabledBecause ?? label}
        aria-describedby={disabledBecause ? reasonID : undefined}
        onClick={(event) => {
          if (!isDisabled) onClick?.(event);
          else event.preventDefault();
        }}
      >
        {icon !== undefined && <Icon name={icon} />}
        {children !== undefined && <span>{children}</span>}
      </button>
      {disabledBecause && (
        <span id={reasonID} className="visually-hidden">
          {disabledBecause}
        </span>
      )}
    </>
  );
}
