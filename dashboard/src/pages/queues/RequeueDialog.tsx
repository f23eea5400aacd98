import { useState } from "react";
import { useAction } from "../../api/useAction";
import { useWhyNot } from "../../api/useStore";
import type { QuarantinedMessage, QuarantineMove, QuarantineOrder } from "../../api/types";
import { Confirm } from "../../ui/Confirm";
import { Dialog } from "../../ui/Dialog";
import { count, plural } from "../../ui/format";
import { Notice } from "../../ui/Notice";
import { Select } from "../../ui/Select";
import { Field } from "../../ui/Field";
import { MoveReport } from "./MoveReport";
import { byReason, mostIDs, planOf, reasonText } from "./requeue";

interface RequeueDialogProps {
  /** null = all that is in quarantine. */
  messages: readonly QuarantinedMessage[] | null;
  depth: number;
  /** What has been looked at, for the reasons to choose from. */
  seen: readonly QuarantinedMessage[];
  onClose: () => void;
  onDone: () => void;
}

/** Says what a move will do, does it, and shows what came of each message. */
export function RequeueDialog({ onClose, onDone, ...about }: RequeueDialogProps) {
  // What was asked about when the dialog was opened: the list behind changes with the move.
  const [{ messages, depth, seen }] = useState(about);
  const action = useAction<QuarantineMove>("admin");
  const whyNot = useWhyNot("admin");
  const [reason, setReason] = useState("");
  const plan = planOf(messages ?? seen);
  if (action.result !== null) {
    return (
      <Dialog title={action.result.complete ? "Moved back" : "Not all could be moved"} onClose={onClose}>
        <MoveReport move={action.result} known={messages ?? seen} onClose={onClose} />
      </Dialog>
    );
  }
  const order: QuarantineOrder = messages === null ? { all: true, ...(reason === "" ? {} : { reason }) } : { ids: plan.ids };
  const amount = messages === null ? (reason === "" ? count(depth) : "all of them") : count(plan.ids.length);
  return (
    <Confirm
      title={messages === null ? "Requeue all?" : `Requeue ${plural(plan.ids.length, "message")}?`} verb={messages === null ? (reason === "" ? "Requeue all" : `Requeue all with this reason`) : `Requeue ${amount}`}
      isDangerous={messages === null} isBusy={action.isBusy} problem={action.problem?.plainly} onClose={onClose}
      disabledBecause={whyNot ?? (messages !== null && plan.ids.length === 0 ? "None of these can go back." : null)}
      onConfirm={() => void action.run("quarantine/requeue", "POST", order).then((done) => done !== null && onDone())}
    >
      <div className="stack">
        {messages === null ? (
          <>
            <p>
              What is in quarantine now, {plural(depth, "message")}, goes back to the queues that it came from, for twenty seconds at most; the result says how many remain.
              What comes in meanwhile is left alone.
            </p>
            <Field label="Only with the reason" isOptional hint="Reasons of the messages on this page.">
              {(control) => (
                <Select
                  {...control} value={reason} onChange={setReason}
                  options={[{ value: "", label: "any reason" }, ...byReason(seen).map((one) => ({ value: one.reason, label: reasonText(one.reason) }))]}
                />
              )}
            </Field>
          </>
        ) : (
          <ul className="plan">
            {plan.targets.map(({ queue, count: number }) => (
              <li key={queue}>
                <strong>{count(number)}</strong> to <span className="mono">{queue}</span>
              </li>
            ))}
          </ul>
        )}
        {messages !== null && messages.length - plan.stuck > mostIDs && <Notice tone="info">{count(mostIDs)} at a time: the others stay picked for another move.</Notice>}
        {messages !== null && plan.stuck > 0 && <Notice tone="warn">{plural(plan.stuck, "message")} cannot go back, for nothing tells where they came from: they stay.</Notice>}
        {plan.returned > 0 && <Notice tone="warn">{plural(plan.returned, "message")} {messages === null && "on this page "}{plan.returned === 1 ? "was" : "were"} moved back before and came again.</Notice>}
        <p className="muted">
          Bodies stay as they are: without a fix of what reads them they come back here. Each is published, confirmed by the broker and only then taken out of quarantine; the move is written to
          the audit log under your name.
        </p>
        {action.isBusy && (
          <p role="status" className="muted">
            Moving… this can take up to twenty seconds.
          </p>
        )}
      </div>
    </Confirm>
  );
}
