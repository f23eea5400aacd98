import type { ApiProblem } from "../../api/problem";
import type { HealthEvent, Queues } from "../../api/types";
import { Icon } from "../../ui/Icon";
import type { IconName } from "../../ui/Icon";
import { ProblemNotice } from "../../ui/ProblemNotice";
import { Skeleton } from "../../ui/Skeleton";
import { attention } from "./attention";

const icons: Record<string, IconName> = { bad: "cross", warn: "warning", info: "info" };
const spoken: Record<string, string> = { bad: "Serious", warn: "Warning", info: "Note" };

/** What needs attention now; or that nothing does, and what was looked at. */
export function AttentionList({ queues, health, problem }: { queues: Queues | null; health: HealthEvent | null; problem: ApiProblem | null }) {
  if (queues === null) {
    if (problem === null) return <Skeleton height={40} />;
    return problem.status === 0 ? null : <ProblemNotice problem={problem} />;
  }
  const matters = attention(queues, health);
  return (
    <section className="attention" aria-label="What needs attention now">
      {matters.length === 0 ? (
        <p className="attention-none">
          <Icon name="check" label="Good" /> <strong>Nothing needs attention.</strong>
          <span className="muted">Queues move, the spool and the quarantine are empty, all {queues.routes_total} routes are closed circuits.</span>
        </p>
      ) : (
        <ul>
          {matters.map((matter) => (
            <li key={matter.key} className={`matter matter-${matter.tone}`}>
              <Icon name={icons[matter.tone]!} label={spoken[matter.tone]} />
              <strong>{matter.title}</strong>
              <span className="muted">{matter.detail}</span>
              {matter.href !== undefined && (
                <a href={matter.href} aria-label={`Look: ${matter.title}`}>
                  Look <Icon name="chevron" />
                </a>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
