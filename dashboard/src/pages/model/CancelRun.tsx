import type { TrainingRun, TrainingRunSummary } from "../../api/types";
import { Confirm } from "../../ui/Confirm";
import { useAction } from "../../api/useAction";

export function CancelRun({ run, onClose, onDone }: { run: TrainingRunSummary; onClose: () => void; onDone: () => void }) {
  const action = useAction<TrainingRun>("train");
  return (
    <Confirm
      title="Cancel the training run?" verb="Cancel the run" isDangerous isBusy={action.isBusy} problem={action.problem?.plainly} onClose={onClose}
      onConfirm={() => void action.run(`train/${encodeURIComponent(run.run)}`, "DELETE").then((done) => done !== null && (onDone(), onClose()))}
    >
      <p>The run on {run.source} is ended and leaves neither a version nor a folder behind. What it has done so far is lost.</p>
    </Confirm>
  );
}
