import type { PredictionDetail } from "../../api/types";
import { ActionBadge, Badge, StatusBadge } from "../../ui/Badge";
import { dateTime, delay, duration, percent, plural, when, word } from "../../ui/format";
import type { TimelineItem } from "./attempts";
import { timeline } from "./attempts";

/** The notification's decisions and outcomes in the order of time. */
export function AttemptTimeline({ decision, hrefOf }: { decision: PredictionDetail; hrefOf: (id: string) => string }) {
  const items = timeline(decision);
  return (
    <>
      <ol className="timeline">
        {items.map((item, index) => (
          <li key={index} className={`timeline-item timeline-${item.kind}${"isThis" in item && item.isThis ? " timeline-this" : ""}`}>
            <time className="timeline-time" dateTime={item.at} title={dateTime(item.at)}>
              {when(item.at, Date.parse(decision.decided_at))}
            </time>
            <div>
              <What item={item} hrefOf={hrefOf} />
            </div>
          </li>
        ))}
      </ol>
      {decision.outcome === "pending" && <p className="muted small">No outcome yet; this is looked at again every 10 s.</p>}
      {!decision.history_complete && <p className="muted small">The oldest 200 decisions on this notification; there are more.</p>}
    </>
  );
}

function What({ item, hrefOf }: { item: TimelineItem; hrefOf: (id: string) => string }) {
  if (item.kind === "created") return <span className="muted">Notification created</span>;
  if (item.kind === "waits") {
    return (
      <span className="muted">
        On the retry ladder, not due yet ({plural(item.count, "time")}
        {item.count > 1 && `, until ${when(item.until, Date.parse(item.at))}`})
      </span>
    );
  }
  if (item.kind === "expiry") return <span className="muted">Expires</span>;
  if (item.kind === "outcome") {
    const { status, provider, response_code, latency_ms, attempted_at } = item.outcome;
    return (
      <>
        <StatusBadge status={status} /> <span className="muted">by</span> {provider}
        {response_code !== null && <span className="mono"> {response_code}</span>}
        <span className="faint small">
          {" "}
          attempted {when(attempted_at, Date.parse(item.at))}
          {latency_ms !== null && `, ${duration(latency_ms / 1000)}`}
        </span>
      </>
    );
  }
  const { entry } = item;
  return (
    <>
      <ActionBadge action={entry.action} />{" "}
      {entry.action === "give_up" ? word(entry.reason) : entry.action === "retry" ? `in ${delay(entry.delay_ms)} via ${entry.provider}` : `via ${entry.provider}`}
      <span className="muted">
        {entry.probability !== null && ` · ${percent(entry.probability, 0)}`} · attempt {item.attempt}
      </span>{" "}
      {item.isThis ? <Badge tone="info">this decision</Badge> : <a href={hrefOf(entry.decision_id)}>open</a>}
    </>
  );
}
