import { useCallback, useState } from "react";
import { useEvents } from "../../api/events";
import { usePoll } from "../../api/poll";
import type { ModelDetail, ModelSummary, Performance, TrainingRunSummary } from "../../api/types";
import { useParameter } from "../../app/router";
import { useWhyNot } from "../../api/useStore";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { PageHead } from "../../ui/PageHead";
import { ActiveRun } from "./ActiveRun";
import { Diagrams } from "./Diagrams";
import { LiveFigures } from "./LiveFigures";
import { ModelHistory } from "./ModelHistory";
import { PromoteDialog } from "./PromoteDialog";
import { RollbackDialog } from "./RollbackDialog";
import { RunDrawer } from "./RunDrawer";
import { TestComparison } from "./TestComparison";
import { TestSegments } from "./TestSegments";
import { TrainDialog } from "./TrainDialog";
import { TrainingRuns } from "./TrainingRuns";
import { activeRun } from "./training";
import { VersionCard } from "./VersionCard";
import { Versions } from "./Versions";
import "./model.css";

type Open = { kind: "train" } | { kind: "rollback" } | { kind: "promote"; version: string } | { kind: "run"; run: string } | null;

/** The model in use and the one that is to replace it: how good they are, where they come from, and what is done with them. */
export function ModelPage() {
  const models = usePoll<{ models: ModelSummary[] }>("models?limit=100", { every: 15_000 });
  const performance = usePoll<Performance>("metrics", { every: 30_000 });
  const [isTraining, setIsTraining] = useState(false);
  const runs = usePoll<{ runs: TrainingRunSummary[] }>("train?limit=30", { every: isTraining ? 1000 : 8000 });
  const active = activeRun(runs.data?.runs ?? []);
  if (isTraining !== (active !== null) && runs.data !== null) setIsTraining(active !== null);
  const [open, setOpen] = useState<Open>(null);
  const [chosen, choose] = useParameter("version");

  const champion = models.data?.models.find((model) => model.aliases.includes("champion")) ?? null;
  const challenger =
    models.data?.models.find((model) => model.version === chosen && model !== champion) ??
    models.data?.models.find((model) => model.aliases.includes("challenger")) ?? null;
  const detailPath = (model: ModelSummary | null) => (model === null ? null : `models/${encodeURIComponent(model.version)}`);
  const championDetail = usePoll<ModelDetail>(detailPath(champion));
  const challengerDetail = usePoll<ModelDetail>(detailPath(challenger));
  const pair = { champion, challenger, championDetail: championDetail.data, challengerDetail: challengerDetail.data };

  const refresh = useCallback(() => {
    models.refresh();
    runs.refresh();
    championDetail.refresh();
    challengerDetail.refresh();
    // The refreshers are new functions of the same pollers at each rendering.
  }, [detailPath(champion), detailPath(challenger)]);
  useEvents({ kinds: ["model"] }, (events) => events.some((event) => event.kind === "model") && refresh());
  const whyNotTrain = useWhyNot("train");
  const whyNotAdmin = useWhyNot("admin");

  return (
    <>
      <PageHead title="Model" about="What decides now, what may replace it, and how well they do">
        <Button
          disabledBecause={whyNotTrain ?? (active !== null ? "A training run is under way; there is one at a time." : null)} onClick={() => setOpen({ kind: "train" })}
        >
          Train…
        </Button>
        <Button disabledBecause={whyNotAdmin ?? (champion === null ? "There is no champion." : null)} onClick={() => setOpen({ kind: "rollback" })}>
          Roll back…
        </Button>
      </PageHead>
      {active !== null && <ActiveRun run={active} onOpen={() => setOpen({ kind: "run", run: active.run })} onChange={refresh} />}
      <Loaded from={models} height={240}>
        {(data) =>
          data.models.length === 0 ? (
            <Empty title="No model yet">The rules decide until one is trained and promoted: "Train…" starts a run.</Empty>
          ) : (
            <>
              <div className="grid-2">
                <VersionCard role="Champion" model={champion} detail={championDetail} />
                <VersionCard
                  role="Challenger" model={challenger} detail={challengerDetail} versions={data.models.filter((model) => model !== champion)} onChoose={choose}
                  promote={
                    challenger === null ? undefined : (
                      <Button kind="primary" disabledBecause={whyNotAdmin} onClick={() => setOpen({ kind: "promote", version: challenger.version })}>
                        Promote {challenger.version}…
                      </Button>
                    )
                  }
                />
              </div>
              <TestComparison {...pair} />
              <Diagrams {...pair} performance={performance} problem={championDetail.problem ?? challengerDetail.problem} />
            </>
          )
        }
      </Loaded>
      <LiveFigures performance={performance} tested={championDetail.data} />
      <TestSegments {...pair} />
      <div className="grid-2">
        <TrainingRuns runs={runs} onOpen={(run) => setOpen({ kind: "run", run })} />
        {models.data !== null && <ModelHistory models={models.data.models} />}
      </div>
      {models.data !== null && <Versions models={models.data.models} onChoose={choose} onPromote={(version) => setOpen({ kind: "promote", version })} />}
      {open?.kind === "train" && <TrainDialog onClose={() => setOpen(null)} onStarted={(run) => (setOpen({ kind: "run", run }), refresh())} />}
      {open?.kind === "rollback" && <RollbackDialog champion={champion} onClose={() => setOpen(null)} onDone={refresh} />}
      {open?.kind === "promote" && <PromoteDialog version={open.version} champion={champion} onClose={() => setOpen(null)} onDone={refresh} />}
      {open?.kind === "run" && <RunDrawer run={open.run} onClose={() => setOpen(null)} onChange={refresh} />}
    </>
  );
}

/** The two models that are compared. */
export interface ModelPair {
  champion: ModelSummary | null;
  challenger: ModelSummary | null;
  championDetail: ModelDetail | null;
  challengerDetail: ModelDetail | null;
}
