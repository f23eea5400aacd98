import type { Queue, Queues } from "../../api/types";
import { Sparkline } from "../../charts/Sparkline";
import { count, duration, plural, rate, signed } from "../../ui/format";
import { Stat } from "../../ui/Stat";
import type { DepthHistory } from "./depths";
import { total } from "./depths";

/** The line at a glance. */
export function QueueFigures({ queues, history }: { queues: Queues; history: DepthHistory }) {
  const of = (kind: Queue["kind"]) => queues.queues.filter((queue) => queue.kind === kind);
  const window = queues.queues.find((queue) => queue.window_s !== null)?.window_s ?? null;
  const oldest = (list: readonly Queue[]) => Math.max(-1, ...list.map((queue) => queue.age_s ?? -1));
  const series = (list: readonly Queue[]) =>
    history.times.map((_, index) => total(list.map((queue) => history.byQueue.get(queue.name)?.[index] ?? null)));
  const groups: readonly { label: string; list: readonly Queue[]; depth: number | null; color: string }[] = [
    { label: "Jobs to decide", list: of("jobs"), depth: queues.totals.jobs, color: "var(--s1)" },
    { label: "To be sent", list: of("dispatch"), depth: queues.totals.dispatch, color: "var(--s3)" },
    { label: "Wait to be tried again", list: of("retry"), depth: queues.totals.retry, color: "var(--s5)" },
    { label: "Undeliverable", list: of("undeliverable"), depth: total(of("undeliverable").map((queue) => queue.depth)), color: "var(--s7)" },
    { label: "In quarantine", list: of("quarantine"), depth: queues.totals.quarantine, color: "var(--s2)" },
    { label: "Log spool", list: of("spool"), depth: total(of("spool").map((queue) => queue.depth)), color: "var(--s4)" },
  ];
  return (
    <section className="card queue-figures" aria-label={`Depths${window === null ? "" : `; rates over ${duration(Math.round(window))}`}`}>
      {groups.map(({ label, list, depth, color }) => {
        const age = oldest(list);
        const growth = total(list.map((queue) => queue.net_per_s));
        const incoming = total(list.map((queue) => queue.publish_per_s));
        return (
          <Stat
            key={label} label={label} value={count(depth)}
            change={
              <>
                {growth === null ? "growth not known" : Math.abs(growth) < 0.005 ? "steady" : `${signed(growth, Math.abs(growth) < 10 ? 2 : 0)}/s`}
                {incoming !== null && <span className="faint">, in {rate(incoming)}</span>}
              </>
            }
            about={age >= 0 ? `oldest ${duration(Math.round(age))}` : depth === 0 ? "empty" : "age not known"}
            title={`${plural(list.length, "queue")}${window === null ? "" : `; rates over ${duration(Math.round(window))}`}`}
          >
            <Sparkline values={series(list)} color={color} width={160} />
          </Stat>
        );
      })}
    </section>
  );
}
