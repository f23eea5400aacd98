import { useState } from "react";
import { usePoll } from "../../api/poll";
import { useWhyNot } from "../../api/useStore";
import type { TrainingRun } from "../../api/types";
import { link } from "../../app/router";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { dateTime, duration } from "../../ui/format";
import { Loaded } from "../../ui/Loaded";
import { Notice } from "../../ui/Notice";
import { RunProgress } from "./ActiveRun";
import { CancelRun } from "./CancelRun";
import { isOver } from "./training";
import { RunBadge } from "./TrainingRuns";

/** One run: how far it is, its log, and what it made. */
export function RunDrawer({ run: id, onClose, onChange }: { run: string; onClose: () => void; onChange: () => void }) {
  const [isDone, setIsDone] = useState(false);
  const [isAsking, setIsAsking] = useState(false);
  const polled = usePoll<TrainingRun>(`train/${encodeURIComponent(id)}`, { every: isDone ? Infinity : 1000 });
  const whyNot = useWhyNot("train");
  if (!isDone && polled.data !== null && isOver(polled.data.state)) setIsDone(true);
  return (
    <Dialog title="Training run" isDrawer onClose={onClose}>
      <Loaded from={polled} height={320}>
        {(run) => (
          <div className="stack">
            <div className="row">
              <RunBadge state={run.state} />
              {!isOver(run.state) && (
                <Button kind="danger" disabledBecause={whyNot} onClick={() => setIsAsking(true)}>
                  Cancel…
                </Button>
              )}
            </div>
            {!isOver(run.state) && <RunProgress run={run} />}
            {run.error !== null && (
              <Notice tone="bad" title="It failed.">
                {run.error}
              </Notice>
            )}
            <dl className="definition">
              <dt>Data</dt>
              <dd>{run.source}</dd>
              <dt>Ordered by</dt>
              <dd>{run.by}</dd>
              <dt>Started</dt>
              <dd>{dateTime(run.started_at)}</dd>
              <dt>Ended</dt>
              <dd>{run.ended_at === null ? "–" : `${dateTime(run.ended_at)}, after ${duration(Math.round((Date.parse(run.ended_at) - Date.parse(run.started_at)) / 1000))}`}</dd>
              <dt>Version</dt>
              <dd>{run.version === null ? "–" : <a href={link("model", { version: run.version })} onClick={onClose}>{run.version}</a>}</dd>
              <dt>Run</dt>
              <dd className="mono">{run.run}</dd>
            </dl>
            <h3>Log</h3>
            <pre className="code" tabIndex={0} aria-label="Log of the run">
              {run.log.length === 0 ? "Nothing yet." : run.log.join("\n")}
            </pre>
            {isAsking && <CancelRun run={run} onClose={() => setIsAsking(false)} onDone={() => (polled.refresh(), onChange())} />}
          </div>
        )}
      </Loaded>
    </Dialog>
  );
}
