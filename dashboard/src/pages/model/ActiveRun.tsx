import type { TrainingRunSummary } from "../../api/types";
import { useWhyNot } from "../../api/useStore";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { duration } from "../../ui/format";
import { useNow } from "../../ui/useNow";
import { CancelRun } from "./CancelRun";
import { progressText } from "./training";
import { useState } from "react";

/** The training run that is under way. */
export function ActiveRun({ run, onOpen, onChange }: { run: TrainingRunSummary; onOpen: () => void; onChange: () => void }) {
  const [isAsking, setIsAsking] = useState(false);
  const whyNot = useWhyNot("train");
  const now = useNow(1000);
  return (
    <Card
      title="Training" about={`${run.source}, ordered by ${run.by}, ${duration(Math.max(0, Math.round((now - Date.parse(run.started_at)) / 1000)))} so far`}
      actions={
        <>
          <Button onClick={onOpen}>Log</Button>
          <Button kind="danger" disabledBecause={whyNot} onClick={() => setIsAsking(true)}>
            Cancel…
          </Button>
        </>
      }
    >
      <RunProgress run={run} />
      {isAsking && <CancelRun run={run} onClose={() => setIsAsking(false)} onDone={onChange} />}
    </Card>
  );
}

export function RunProgress({ run }: { run: TrainingRunSummary }) {
  const percentDone = run.progress?.percent ?? 0;
  return (
    <div className="progress">
      <div
        className="progress-track" role="progressbar" aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(percentDone)}
        aria-label={run.progress === null ? "Waiting to start" : progressText(run.progress)}
      >
        <span style={{ width: `${percentDone}%` }} />
      </div>
      <span className="small">{run.progress === null ? "Waiting to start" : progressText(run.progress)}</span>
      <span className="num small">{Math.round(percentDone)} %</span>
    </div>
  );
}
