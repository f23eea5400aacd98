import type { ReactNode } from "react";
import { useId } from "react";
import { Icon } from "./Icon";

export interface FieldControlProps {
  id: string;
  "aria-invalid"?: boolean;
  "aria-describedby"?: string;
}

interface FieldProps {
  label: ReactNode;
  hint?: ReactNode;
  /** What is wrong with the value, shown at the field. */
  problem?: string | null;
  isOptional?: boolean;
  className?: string;
  /** Draws the control: `{(props) => <input {...props} …/>}`. */
  children: (props: FieldControlProps) => ReactNode;
}

/** A control with its label, what it means, and what is wrong with it. */
export function Field({ label, hint, problem, isOptional = false, className = "", children }: FieldProps) {
  const id = useId();
  const about = [hint !== undefined ? `${id}-hint` : "", problem ? `${id}-problem` : ""].filter((one) => one !== "").join(" ");
  return (
    <div className={`field ${className}${problem ? " field-wrong" : ""}`}>
      <label htmlFor={id}>
        {label}
        {isOptional && <span className="field-optional"> optional</span>}
      </label>
      {children({ id, "aria-invalid": problem ? true : undefined, "aria-describedby": about === "" ? undefined : about })}
      {problem && (
        <p id={`${id}-problem`} className="field-problem">
          <Icon name="warning" /> {problem}
        </p>
      )}
      {hint !== undefined && (
        <p id={`${id}-hint`} className="field-hint">
          {hint}
        </p>
      )}
    </div>
  );
}
