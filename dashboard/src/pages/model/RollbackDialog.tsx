import { useState } from "react";
import { useAction } from "../../api/useAction";
import { useWhyNot } from "../../api/useStore";
import type { ModelChange, ModelSummary } from "../../api/types";
import { Confirm } from "../../ui/Confirm";
import { Field } from "../../ui/Field";
import { ChangeResult } from "./ChangeResult";

/** Asks before the previous champion comes back. */
export function RollbackDialog({ champion, onClose, onDone }: { champion: ModelSummary | null; onClose: () => void; onDone: () => void }) {
  const action = useAction<ModelChange>("admin");
  const whyNot = useWhyNot("admin");
  const [reason, setReason] = useState("");
  if (action.result !== null) return <ChangeResult title={`${action.result.version} decides again`} change={action.result} onClose={onClose} />;
  return (
    <Confirm
      title="Roll back?" verb="Roll back" isDangerous isBusy={action.isBusy} disabledBecause={whyNot} problem={action.problem?.plainly} onClose={onClose}
      onConfirm={() => void action.run("models/rollback", "POST", reason.trim() === "" ? {} : { reason: reason.trim() }).then((done) => done !== null && onDone())}
    >
      <div className="stack">
        <p>
          The champion before {champion?.version ?? "this one"} becomes the champion again; all scorers change within 2 s, between two batches. A second rollback goes further back.
        </p>
        <Field label="Reason" isOptional hint="For the history.">
          {(control) => <input {...control} className="input" maxLength={2000} value={reason} onChange={(event) => setReason(event.target.value)} />}
        </Field>
      </div>
    </Confirm>
  );
}
