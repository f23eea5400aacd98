import type { Queue, Queues } from "../../api/types";
import { Card } from "../../ui/Card";
import { Empty } from "../../ui/Empty";
import { compact, count, duration, plural, rate } from "../../ui/format";
import { PriorityBadge } from "../../ui/Badge";
import type { Priority } from "../../api/types";
import { ladder } from "./depths";

/** The retry queues: priorities by delay, deeper ones darker, with the age of the oldest. */
export function RetryLadder({ queues }: { queues: Queues }) {
  const { priorities, delays, cell, deepest } = ladder(queues.queues);
  return (
    <Card title="Retry ladder" about={`${plural(queues.totals.retry ?? 0, "message")} ${queues.totals.retry === 1 ? "waits" : "wait"} to be tried again`}>
      {delays.length === 0 ? (
        <Empty title="No retry queues" />
      ) : (
        <div className="table-scroll">
          <table className="ladder">
            <caption className="visually-hidden">Depth of the retry queues by delay and priority</caption>
            <thead>
              <tr>
                <th scope="col">Delay</th>
                {priorities.map((priority) => (
                  <th key={priority} scope="col">
                    <PriorityBadge priority={priority as Priority} />
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {delays.map((delay) => (
                <tr key={delay}>
                  <th scope="row">{delay}</th>
                  {priorities.map((priority) => (
                    <Rung key={priority} queue={cell(priority, delay)} deepest={deepest} />
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}

function Rung({ queue, deepest }: { queue: Queue | null; deepest: number }) {
  if (queue === null) return <td />;
  const share = queue.depth === null || queue.depth === 0 ? 0 : 8 + 34 * Math.sqrt(queue.depth / deepest);
  return (
    <td
      style={{ background: share === 0 ? "transparent" : `color-mix(in srgb, var(--s5) ${Math.round(share)}%, var(--surface))` }}
      title={`${queue.name}: ${count(queue.depth)} waiting, in ${rate(queue.publish_per_s)}, oldest ${queue.age_s === null ? "not known" : duration(Math.round(queue.age_s))}`}
    >
      <strong className={queue.depth === 0 ? "faint" : ""}>{compact(queue.depth)}</strong>
      {queue.age_s !== null && <small>{duration(Math.round(queue.age_s))}</small>}
    </td>
  );
}
