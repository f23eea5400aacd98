import type { ReactNode } from "react";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { Notice } from "./Notice";

interface ConfirmProps {
  title: string;
  /** What the button says that does it, such as `Promote v3`. */
  verb: string;
  isDangerous?: boolean;
  isBusy?: boolean;
  problem?: string | null;
  disabledBecause?: string | null;
  onConfirm: () => void;
  onClose: () => void;
  children?: ReactNode;
}

/** Asks before something is done that others notice. */
export function Confirm({ title, verb, isDangerous = false, isBusy, problem, disabledBecause, onConfirm, onClose, children }: ConfirmProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      <div className="stack">
        <div>{children}</div>
        {problem && <Notice tone="bad">{problem}</Notice>}
        <div className="row row-end">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind={isDangerous ? "danger" : "primary"} isBusy={isBusy} disabledBecause={disabledBecause} onClick={onConfirm}>
            {verb}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
