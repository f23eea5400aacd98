import { useState } from "react";
import { withQuery } from "../../api/client";
import { usePoll } from "../../api/poll";
import { useWhyNot } from "../../api/useStore";
import type { QuarantinedMessage, QuarantineList } from "../../api/types";
import { link, navigate, usePlace } from "../../app/router";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Empty } from "../../ui/Empty";
import { bytes, count, dateTime, plural, when } from "../../ui/format";
import { Loaded } from "../../ui/Loaded";
import { Select } from "../../ui/Select";
import { Table } from "../../ui/Table";
import { RequeueDialog } from "./RequeueDialog";
import { byReason, keysOf, reasonText, stillThere } from "./requeue";

const pageSize = 25;

/** What is in quarantine: looked at when asked for, for a look takes the messages out of their queue for a moment. */
export function Quarantine({ depth, selected }: { depth: number | null; selected: string | null }) {
  const place = usePlace();
  const cursor = place.query.get("cursor");
  const reason = place.query.get("reason") ?? "";
  const list = usePoll<QuarantineList>(withQuery("quarantine", { limit: pageSize, cursor }));
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [isAsking, setIsAsking] = useState<"chosen" | "all" | null>(null);
  const whyNot = useWhyNot("admin");
  const messages = list.data?.messages ?? [];
  const rows = messages.filter((message) => reason === "" || message.reason === reason);
  const there = stillThere(chosen, messages);
  const picked = messages.filter((message) => there.has(message.id));
  const keys = keysOf(messages);
  const movable = rows.filter((message) => message.requeueable);
  const areAllPicked = movable.length > 0 && movable.every((message) => there.has(message.id));

  const goTo = (next: { cursor?: string | null; reason?: string }) =>
    navigate(link("queues", { ...Object.fromEntries(place.query.entries()), ...next }), next.cursor === undefined);

  function pick(ids: readonly string[], isOn: boolean) {
    const next = new Set(there);
    for (const id of ids) isOn ? next.add(id) : next.delete(id);
    setChosen(next);
  }

  return (
    <Card
      title="Quarantine" isFlush className="quarantine"
      about={
        list.data === null
          ? "messages that could not be read"
          : `${plural(depth ?? list.data.depth, "message")}, oldest first${list.data.depth > list.data.reach ? `; the first ${count(list.data.reach)} can be looked at` : ""}${list.at === null ? "" : `; looked at ${when(list.at)}`}`
      }
      actions={
        <>
          <Button icon="refresh" onClick={() => list.refresh()} isBusy={list.isLoading && list.data !== null}>
            Look again
          </Button>
          <Button disabledBecause={whyNot ?? (picked.length === 0 ? "Pick messages in the list first." : null)} onClick={() => setIsAsking("chosen")}>
            Requeue {picked.length > 0 ? `${count(picked.length)} picked…` : "picked…"}
          </Button>
          <Button kind="danger" disabledBecause={whyNot ?? (messages.length === 0 ? "There is nothing in quarantine." : null)} onClick={() => setIsAsking("all")}>
            Requeue all…
          </Button>
        </>
      }
    >
      <Loaded from={list} height={240}>
        {(data) =>
          data.messages.length === 0 ? (
            <Empty title="Nothing in quarantine">Messages that cannot be read, or whose fields are wrong, come here with their reason, so that nothing is lost.</Empty>
          ) : (
            <>
              <div className="quarantine-bar">
                <Select
                  aria-label="Reason" value={reason} onChange={(value) => goTo({ reason: value })}
                  options={[
                    { value: "", label: `All reasons (${messages.length} on this page)` },
                    ...byReason(messages).map((one) => ({ value: one.reason, label: `${reasonText(one.reason)} (${one.count})` })),
                  ]}
                />
                <Button kind="quiet" disabledBecause={movable.length === 0 ? "None of these can go back." : null} onClick={() => pick(movable.map((message) => message.id), !areAllPicked)}>
                  {areAllPicked ? "Pick none" : `Pick all ${count(movable.length)} on this page`}
                </Button>
              </div>
              <Table
                caption="Messages in quarantine, the oldest first" rows={rows} rowKey={(message) => keys.get(message) ?? message.id} selectedKey={selected}
                onOpen={(message) => navigate(link(["queues", message.id], place.query))} empty={<Empty title="None with this reason on this page" />}
                columns={[
                  {
                    key: "pick", head: "", label: "Picked", width: "40px",
                    cell: (message) => (
                      <input
                        type="checkbox" className="pick" checked={there.has(message.id)} disabled={!message.requeueable} aria-label={`Pick ${message.message_id ?? message.id}`}
                        onClick={(event) => event.stopPropagation()} onChange={(event) => pick([message.id], (event.target as HTMLInputElement).checked)}
                      />
                    ),
                  },
                  { key: "at", head: "Since", cell: (message) => <span className="nowrap" title={dateTime(message.at)}>{when(message.at)}</span> },
                  { key: "reason", head: "Reason", cell: (message) => <Why message={message} /> },
                  { key: "id", head: "Message", cell: (message) => <span className="mono break">{message.message_id ?? message.id.slice(0, 12)}</span> },
                  { key: "queue", head: "Came from", isExtra: true, cell: (message) => message.queue ?? <span className="muted">not known</span> },
                  { key: "size", head: "Size", isNumber: true, isExtra: true, cell: (message) => bytes(message.size) },
                  {
                    key: "requeued", head: "Moved back", isNumber: true, isExtra: true,
                    cell: (message) => (message.requeued === 0 ? <span className="faint">never</span> : plural(message.requeued, "time")),
                  },
                ]}
              />
              <div className="paging">
                <span className="muted">
                  {count(rows.length)} of {count(data.depth)}
                </span>
                {cursor !== null && <Button icon="up" onClick={() => goTo({ cursor: null })}>To the first page</Button>}
                {data.next !== null && <Button icon="down" onClick={() => goTo({ cursor: data.next })}>Next page</Button>}
              </div>
            </>
          )
        }
      </Loaded>
      {isAsking !== null && (
        <RequeueDialog
          messages={isAsking === "all" ? null : picked} depth={depth ?? list.data?.depth ?? 0} seen={messages} onClose={() => setIsAsking(null)}
          onDone={() => {
            setChosen(new Set());
            list.refresh();
          }}
        />
      )}
    </Card>
  );
}

function Why({ message }: { message: QuarantinedMessage }) {
  return (
    <span className="why">
      <span className="row">
        {reasonText(message.reason)}
        {message.field !== null && <code>{message.field}</code>}
        {!message.requeueable && <Badge tone="warn" icon="warning" title="It is not known which queue it came from.">cannot go back</Badge>}
      </span>
      {message.detail !== null && <small className="muted break">{message.detail}</small>}
    </span>
  );
}
