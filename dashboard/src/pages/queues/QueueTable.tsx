import type { Queue, QueueKind, Queues } from "../../api/types";
import { Sparkline } from "../../charts/Sparkline";
import { Card } from "../../ui/Card";
import { count, duration, rate, signed } from "../../ui/format";
import { Table } from "../../ui/Table";
import type { DepthHistory } from "./depths";

const order: readonly QueueKind[] = ["jobs", "dispatch", "outcomes_log", "outcomes_recent", "undeliverable", "quarantine", "spool"];
const abouts: Record<QueueKind, string> = {
  jobs: "jobs to decide", dispatch: "to the delivery workers", retry: "wait to be tried again", outcomes_log: "outcomes for the log", outcomes_recent: "stream of the last outcomes, for live health",
  undeliverable: "given up", quarantine: "could not be read", spool: "records that wait for the database",
};

/** The queues but for the retry ladder. */
export function QueueTable({ queues, history }: { queues: Queues; history: DepthHistory }) {
  const rows = queues.queues.filter((queue) => queue.kind !== "retry").sort((one, other) => order.indexOf(one.kind) - order.indexOf(other.kind));
  const window = rows.find((queue) => queue.window_s !== null)?.window_s ?? null;
  return (
    <Card
      title="Queues" isFlush
      about={`${window === null ? "" : `rates over ${duration(Math.round(window))}, `}${queues.rates_from === "management" ? "from the broker's counts" : "from samples: growth only"}`}
    >
      <Table
        caption="Queues with depth, age and rates" rows={rows} rowKey={(queue) => queue.name}
        columns={[
          {
            key: "name", head: "Queue",
            cell: (queue) => (
              <span className="queue-name">
                <span className="mono">{queue.name}</span>
                <small className="faint">{abouts[queue.kind]}</small>
              </span>
            ),
          },
          { key: "depth", head: "Depth", isNumber: true, cell: (queue) => <strong>{count(queue.depth)}</strong> },
          { key: "line", head: "", label: "Depth lately", isExtra: true, cell: (queue) => <Sparkline values={history.byQueue.get(queue.name) ?? []} width={72} height={20} /> },
          { key: "age", head: "Oldest", isNumber: true, cell: (queue) => (queue.age_s === null ? "–" : duration(Math.round(queue.age_s))) },
          { key: "in", head: <span title="Published to it; what the retry ladder gives back to herald.jobs is not counted as published">Published</span>, isNumber: true, isExtra: true, cell: (queue) => rate(queue.publish_per_s) },
          { key: "out", head: <span title="Acknowledged: taken and done with">Acknowledged</span>, isNumber: true, isExtra: true, cell: (queue) => rate(queue.ack_per_s) },
          { key: "net", head: "Growth", isNumber: true, cell: (queue) => (queue.net_per_s === null ? "–" : `${signed(queue.net_per_s, 1)}/s`) },
          { key: "consumers", head: "Consumers", isNumber: true, isExtra: true, cell: (queue) => <Consumers queue={queue} /> },
        ]}
      />
    </Card>
  );
}

function Consumers({ queue }: { queue: Queue }) {
  const isMissing = queue.consumers === 0 && (queue.kind === "jobs" || queue.kind === "dispatch" || queue.kind === "outcomes_log") && (queue.depth ?? 0) > 0;
  return isMissing ? <span className="bad-word">none</span> : <>{count(queue.consumers)}</>;
}
