import { usePoll } from "../api/poll";
import type { Degradation, Ready } from "../api/types";
import { Notice } from "../ui/Notice";
import { ago } from "../ui/format";
import { useNow } from "../ui/useNow";

const consequences: Record<Degradation, string> = {
  model: "No model: the rules decide, and probabilities are missing.",
  broker: "The broker is away: queue figures and live health are as they were.",
  database: "The database is away: decisions go on and wait in the spool; what comes from the log is missing or old.",
};

/** One line above every page while something is wrong with the connection or the sidecar does without something. */
export function StatusBanner() {
  const { data, problem, at } = usePoll<Ready>("health/ready", { every: 5000 });
  if (problem !== null && problem.status === 0) return <Disconnected since={at} />;
  if (problem !== null) {
    return (
      <Notice tone="bad" isBar title="The sidecar is not ready.">
        {problem.plainly}
      </Notice>
    );
  }
  if (data === null || data.degraded.length === 0) return null;
  return (
    <Notice tone="warn" isBar title="Degraded.">
      {data.degraded.map((part) => consequences[part] ?? part).join(" ")}
    </Notice>
  );
}

function Disconnected({ since }: { since: number | null }) {
  const now = useNow();
  return (
    <Notice tone="bad" isBar title="No connection to the sidecar.">
      {since === null ? "Nothing has come from it yet." : `The last answer came ${ago(since, now)}.`} This page goes on trying.
    </Notice>
  );
}
