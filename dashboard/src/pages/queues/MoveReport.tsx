import type { QuarantinedMessage, QuarantineMove } from "../../api/types";
import { Badge } from "../../ui/Badge";
import { CloseRow } from "../../ui/CloseRow";
import { count, plural } from "../../ui/format";
import { Notice } from "../../ui/Notice";
import { Table } from "../../ui/Table";
import type { MoveLine } from "./requeue";
import { linesOf } from "./requeue";

const shownAtMost = 200;
const badges: Record<MoveLine["result"], ["good" | "bad" | "warn", "check" | "cross" | "warning"]> = { moved: ["good", "check"], failed: ["bad", "cross"], missing: ["warn", "warning"] };

/** What came of a move, message by message. */
export function MoveReport({ move, known, onClose }: { move: QuarantineMove; known: readonly QuarantinedMessage[]; onClose: () => void }) {
  const names = new Map(known.map((message) => [message.id, message.message_id]));
  const lines = linesOf(move);
  return (
    <div className="stack">
      <Notice tone={move.complete ? "good" : "warn"} title={`${plural(move.moved, "message")} moved back.`}>
        {move.failed > 0 && `${count(move.failed)} could not go back and ${move.failed === 1 ? "stays" : "stay"}. `}
        {move.missing.length > 0 && `${count(move.missing.length)} not found. `}
        {plural(move.remaining, "message")} {move.remaining === 1 ? "remains" : "remain"} in quarantine.
      </Notice>
      {move.error !== null && <Notice tone="bad" title="The move was broken off:">{move.error}</Notice>}
      {!move.audited && <Notice tone="warn">The audit log says that this move began; how it ended could not be written.</Notice>}
      {lines.length > 0 && (
        <div className="move-lines">
          <Table
            caption="Result of each message" rows={lines.slice(0, shownAtMost)} rowKey={(line) => `${line.result} ${line.id}`}
            columns={[
              { key: "id", head: "Message", cell: (line) => <span className="mono break">{names.get(line.id) ?? line.id}</span> },
              {
                key: "result", head: "Result",
                cell: (line) => (
                  <span className="row">
                    <Badge tone={badges[line.result][0]} icon={badges[line.result][1]}>
                      {line.result}
                    </Badge>
                    {line.result !== "moved" && <span className="small">{line.text}</span>}
                  </span>
                ),
              },
            ]}
          />
        </div>
      )}
      {lines.length > shownAtMost && <p className="muted small">The first {shownAtMost} of {count(lines.length)}.</p>}
      <CloseRow onClose={onClose} />
    </div>
  );
}
