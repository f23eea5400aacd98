import type { Polled } from "../../api/poll";
import type { RunState, TrainingRunSummary } from "../../api/types";
import type { BadgeTone } from "../../ui/Badge";
import { Badge } from "../../ui/Badge";
import { Card } from "../../ui/Card";
import { Empty } from "../../ui/Empty";
import { dateTime, duration, when } from "../../ui/format";
import type { IconName } from "../../ui/Icon";
import { Loaded } from "../../ui/Loaded";
import { Table } from "../../ui/Table";

const states: Record<RunState, [BadgeTone, IconName | undefined]> = {
  queued: ["neutral", undefined], running: ["info", "loop"], succeeded: ["good", "check"], failed: ["bad", "cross"], cancelled: ["neutral", "cross"],
};

export function RunBadge({ state }: { state: RunState }) {
  const [tone, icon] = states[state] ?? ["neutral", undefined];
  return (
    <Badge tone={tone} icon={icon}>
      {state}
    </Badge>
  );
}

/** The training runs of this database, newest first. */
export function TrainingRuns({ runs, onOpen }: { runs: Polled<{ runs: TrainingRunSummary[] }>; onOpen: (run: string) => void }) {
  return (
    <Card title="Training runs" about="the newest 30" isFlush>
      <Loaded from={runs} height={160}>
        {(data) => (
          <div className="bounded">
            <Table
              caption="Training runs, the newest first" rows={data.runs} rowKey={(run) => run.run} onOpen={(run) => onOpen(run.run)} empty={<Empty title="No run yet" />}
              columns={[
                { key: "started", head: "Started", cell: (run) => <span title={dateTime(run.started_at)}>{when(run.started_at)}</span> },
                { key: "state", head: "State", cell: (run) => <RunBadge state={run.state} /> },
                { key: "source", head: "Data", cell: (run) => <span className="break">{run.source}</span> },
                { key: "version", head: "Version", cell: (run) => run.version ?? "–" },
                { key: "took", head: "Took", isNumber: true, isExtra: true, cell: (run) => (run.ended_at === null ? "" : duration(Math.round((Date.parse(run.ended_at) - Date.parse(run.started_at)) / 1000))) },
                { key: "by", head: "By", isExtra: true, cell: (run) => run.by },
              ]}
            />
          </div>
        )}
      </Loaded>
    </Card>
  );
}
