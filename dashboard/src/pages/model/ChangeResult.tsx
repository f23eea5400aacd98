import type { ModelChange } from "../../api/types";
import { CloseRow } from "../../ui/CloseRow";
import { Dialog } from "../../ui/Dialog";
import { Notice } from "../../ui/Notice";
import { eventText } from "./history";

/** What a promotion or a rollback came to. */
export function ChangeResult({ title, change, onClose }: { title: string; change: ModelChange; onClose: () => void }) {
  const { event, finding, notes } = change;
  return (
    <Dialog title={title} onClose={onClose}>
      <div className="stack">
        <Notice tone="good">
          {event.to} {eventText(event)}
          {event.from !== null && ` in place of ${event.from}`}, by {event.by}
          {event.forced && ", forced"}.
        </Notice>
        {finding !== null && <p>{finding}</p>}
        {notes.map((note, index) => (
          <p key={index} className="muted">
            {note}
          </p>
        ))}
        <CloseRow onClose={onClose} />
      </div>
    </Dialog>
  );
}
