import { useEffect, useState } from "react";
import { usePoll } from "../../api/poll";
import type { Queues } from "../../api/types";
import { link, navigate, usePlace } from "../../app/router";
import { Loaded } from "../../ui/Loaded";
import { Notice } from "../../ui/Notice";
import { PageHead } from "../../ui/PageHead";
import { ago, duration } from "../../ui/format";
import { noHistory, remember, span } from "./depths";
import { MessageDrawer } from "./MessageDrawer";
import { Quarantine } from "./Quarantine";
import { QueueFigures } from "./QueueFigures";
import { QueueTable } from "./QueueTable";
import { RetryLadder } from "./RetryLadder";
import { RouteTable } from "./RouteTable";
import "./queues.css";

/** What waits where, how old it is and how fast it goes; what is in quarantine and how it gets out again. */
export function QueuesPage() {
  const place = usePlace();
  const queues = usePoll<Queues>("queues?routes=1000", { every: 2000 });
  const [history, setHistory] = useState(noHistory);
  useEffect(() => {
    if (queues.data !== null) setHistory((before) => remember(before, queues.data!));
  }, [queues.data]);
  const message = place.rest[0] ?? null;
  const covered = span(history);
  const rates = queues.data?.queues.find((queue) => queue.window_s !== null)?.window_s ?? null;
  return (
    <>
      <PageHead
        title="Queues and quarantine"
        about={
          queues.data?.sampled_at
            ? `Depths of ${ago(queues.data.sampled_at, Date.parse(queues.data.at))}, measured every 2 s${rates === null ? "" : `, rates over ${duration(Math.round(rates))}`}; lines: ${covered === 0 ? "since the page was opened" : `the last ${duration(Math.round(covered))}`}`
            : "Depths, ages, rates; measured every 2 s"
        }
      />
      <Loaded from={queues} height={320}>
        {(data) => (
          <>
            {data.degraded.includes("broker") && <Notice tone="warn" title="The broker is away.">Depths are those of {ago(data.sampled_at, Date.parse(data.at))}, live health is as it was; what is not known is shown as –.</Notice>}
            {data.degraded.includes("management") && !data.degraded.includes("broker") && <Notice tone="info" title="Without the management plugin">there are no rates and no ages; growth comes from the samples.</Notice>}
            {data.degraded.includes("live_health") && !data.degraded.includes("broker") && <Notice tone="warn" title="Live health is as it was.">The stream of outcomes is not heard.</Notice>}
            <QueueFigures queues={data} history={history} />
            <div className="grid-2 queues-grid">
              <QueueTable queues={data} history={history} />
              <RetryLadder queues={data} />
            </div>
            <RouteTable queues={data} />
          </>
        )}
      </Loaded>
      <Quarantine depth={queues.data?.totals.quarantine ?? null} selected={message} />
      {message !== null && <MessageDrawer key={message} id={message} onClose={() => navigate(link(place.page, place.query), true)} />}
    </>
  );
}
