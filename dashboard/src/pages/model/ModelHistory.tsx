import { useEffect, useState } from "react";
import { request } from "../../api/client";
import { ApiProblem } from "../../api/problem";
import type { ModelDetail, ModelEvent, ModelSummary } from "../../api/types";
import { Badge } from "../../ui/Badge";
import { Card } from "../../ui/Card";
import { Empty } from "../../ui/Empty";
import { dateTime, when } from "../../ui/format";
import { ProblemNotice } from "../../ui/ProblemNotice";
import { Skeleton } from "../../ui/Skeleton";
import { eventText, union } from "./history";

/** Versions whose histories are read: the API has them by version. */
const mostVersions = 12;

/** What was done with the models, by whom and why. */
export function ModelHistory({ models }: { models: readonly ModelSummary[] }) {
  const [events, setEvents] = useState<ModelEvent[] | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const shown = models.slice(0, mostVersions);
  // Aliases change with what there is to tell.
  const key = shown.map((model) => `${model.version} ${model.aliases.join()}`).join("\n");
  useEffect(() => {
    if (shown.length === 0) return;
    const abort = new AbortController();
    Promise.all(shown.map((model) => request<ModelDetail>(`models/${encodeURIComponent(model.version)}`, { signal: abort.signal, role: "read" })))
      .then((details) => (setEvents(union(details.map((detail) => detail.history))), setProblem(null)))
      .catch((error: unknown) => !abort.signal.aborted && error instanceof ApiProblem && setProblem(error));
    return () => abort.abort();
  }, [key]);
  return (
    <Card title="History" about={models.length > mostVersions ? `of the newest ${mostVersions} versions` : "registrations, promotions, rollbacks, alerts"} isFlush>
      <div className="bounded" role="region" aria-label="Events" tabIndex={0}>
        {problem !== null && <ProblemNotice problem={problem} />}
        {events === null ? (
          problem === null && models.length > 0 && <div className="card-pad"><Skeleton lines={4} /></div>
        ) : events.length === 0 ? (
          <Empty title="Nothing has happened yet">The registry tells here what is registered, promoted, refused or rolled back.</Empty>
        ) : (
          <ol className="events">
            {events.map((event, index) => (
              <li key={index}>
                <time className="muted" dateTime={event.at} title={dateTime(event.at)}>
                  {when(event.at)}
                </time>
                <div>
                  <strong>{event.to}</strong> {eventText(event)}
                  {event.from !== null && event.from !== event.to && <span className="muted"> in place of {event.from}</span>}{" "}
                  {event.forced && (
                    <Badge tone="warn" icon="warning">
                      forced
                    </Badge>
                  )}
                  {event.kind === "alert" && (
                    <Badge tone="bad" icon="warning">
                      alert
                    </Badge>
                  )}
                  <div className="muted small break">
                    {event.by}
                    {event.reason !== "" && `: ${event.reason}`}
                  </div>
                </div>
              </li>
            ))}
          </ol>
        )}
      </div>
    </Card>
  );
}
