import { useState } from "react";
import { useAction } from "../../api/useAction";
import { useWhyNot } from "../../api/useStore";
import type { ModelChange, ModelSummary } from "../../api/types";
import { Confirm } from "../../ui/Confirm";
import { Field } from "../../ui/Field";
import { ChangeResult } from "./ChangeResult";

interface PromoteDialogProps {
  version: string;
  champion: ModelSummary | null;
  onClose: () => void;
  onDone: () => void;
}

/** Asks before a version becomes the champion, and says what came of it. */
export function PromoteDialog({ version, champion, onClose, onDone }: PromoteDialogProps) {
  const action = useAction<ModelChange>("admin");
  const whyNot = useWhyNot("admin");
  const [reason, setReason] = useState("");
  const [isForced, setIsForced] = useState(false);
  if (action.result !== null) return <ChangeResult title={`${action.result.version} decides now`} change={action.result} onClose={onClose} />;
  const order = { ...(reason.trim() === "" ? {} : { reason: reason.trim() }), ...(isForced ? { force: true } : {}) };
  return (
    <Confirm
      title={`Promote ${version}?`} verb={isForced ? `Force ${version}` : `Promote ${version}`} isDangerous={isForced} isBusy={action.isBusy} disabledBecause={whyNot} onClose={onClose}
      problem={action.problem?.plainly}
      onConfirm={() => void action.run(`models/${encodeURIComponent(version)}/promote`, "POST", order).then((done) => done !== null && onDone())}
    >
      <div className="stack">
        <p>
          {champion === null ? `${version} becomes the champion.` : `${version} takes the place of ${champion.version}.`} All scorers change within 2 s, between two batches;
          the change is in the history under your name and can be rolled back.
        </p>
        <p className="muted">The registry refuses it where the evaluation on the same rows does not show that {version} is at least as good.</p>
        <Field label="Reason" isOptional hint="For the history.">
          {(control) => <input {...control} className="input" maxLength={2000} value={reason} onChange={(event) => setReason(event.target.value)} />}
        </Field>
        <label className="check">
          <input type="checkbox" checked={isForced} onChange={(event) => setIsForced((event.target as HTMLInputElement).checked)} /> Force it, although the evaluation speaks against it or is
          missing
        </label>
      </div>
    </Confirm>
  );
}
