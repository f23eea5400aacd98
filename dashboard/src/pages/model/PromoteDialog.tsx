import { useState } from "react";
import { useAction } from "../../api/useAction";
import { useWhyNot } from "../../api/useStore";
import type { ModelChange, ModelSummary } from "../../api/types";
import { Confirm } from "../../ui/Confirm";
import { Field } from "../../ui/Field";
import { Notice } from "../../ui/Notice";
import { ChangeResult } from "./ChangeResult";
import { refusalOf } from "./refusal";

interface PromoteDialogProps {
  version: string;
  champion: ModelSummary | null;
  onClose: () => void;
  onDone: () => void;
}

/** Asks before a version becomes the champion, and says what came of it; what the registry refuses can be promoted all the same. */
export function PromoteDialog({ version, champion, onClose, onDone }: PromoteDialogProps) {
  const action = useAction<ModelChange>("admin");
  const whyNot = useWhyNot("admin");
  const [reason, setReason] = useState("");
  // It stays while the second request is under way.
  const [refusal, setRefusal] = useState<string | null>(null);
  const refused = refusal ?? refusalOf(action.problem);
  if (refused !== refusal) setRefusal(refused);
  if (action.result !== null) return <ChangeResult title={`${action.result.version} decides now`} change={action.result} onClose={onClose} />;
  const isForced = refused !== null;
  const order = { ...(reason.trim() === "" ? {} : { reason: reason.trim() }), ...(isForced ? { force: true } : {}) };
  return (
    <Confirm
      title={isForced ? `Promote ${version} anyway?` : `Promote ${version}?`} verb={isForced ? "Promote anyway" : `Promote ${version}`} isDangerous={isForced} isBusy={action.isBusy}
      disabledBecause={whyNot} onClose={onClose} problem={action.problem !== null && refusalOf(action.problem) === null ? action.problem.plainly : null}
      onConfirm={() => void action.run(`models/${encodeURIComponent(version)}/promote`, "POST", order).then((done) => done !== null && onDone())}
    >
      <div className="stack">
        {isForced ? (
          <>
            <Notice tone="warn" title="The registry refused it.">
              {refused}
            </Notice>
            <p>
              {champion !== null && `${champion.version} still decides. `}Promoted anyway, {version} {champion === null ? "decides" : "takes its place"} within 2 s; the history tells that
              it was forced, and by whom, and it can be rolled back.
            </p>
          </>
        ) : (
          <>
            <p>
              {champion === null ? `${version} becomes the champion.` : `${version} takes the place of ${champion.version}.`} All scorers change within 2 s, between two batches;
              the change is in the history under your name and can be rolled back.
            </p>
            <p className="muted">The registry refuses it where the evaluation on the same rows does not show that {version} is at least as good.</p>
          </>
        )}
        <Field label="Reason" isOptional hint="For the history.">
          {(control) => <input {...control} className="input" maxLength={2000} value={reason} onChange={(event) => setReason(event.target.value)} />}
        </Field>
      </div>
    </Confirm>
  );
}
