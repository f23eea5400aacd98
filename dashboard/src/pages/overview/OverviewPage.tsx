import { memo, useDeferredValue } from "react";
import type { Polled } from "../../api/poll";
import { usePoll } from "../../api/poll";
import type { DecisionSummary, Queues } from "../../api/types";
import { actionKinds, priorities } from "../../api/types";
import { link, useParameter } from "../../app/router";
import { actionColors, priorityColors } from "../../charts/palette";
import { StackedColumns } from "../../charts/StackedColumns";
import { Card } from "../../ui/Card";
import { Empty } from "../../ui/Empty";
import { ago, clock, duration, word } from "../../ui/format";
import { Loaded } from "../../ui/Loaded";
import { PageHead } from "../../ui/PageHead";
import { ProblemNotice } from "../../ui/ProblemNotice";
import { Segmented } from "../../ui/Segmented";
import { Skeleton } from "../../ui/Skeleton";
import { AttentionList } from "./AttentionList";
import { FigureStrip } from "./FigureStrip";
import { FlowPicture } from "./FlowPicture";
import "./overview.css";
import type { PeriodName } from "./period";
import { isPeriod, periods, summaryPath } from "./period";
import { RouteGrid } from "./RouteGrid";
import { useLive } from "./useLive";

/** What an operator looks at all day: is it going well, is it going as yesterday, and what should be looked at. */
export function OverviewPage() {
  const [chosen, choose] = useParameter("period", "1h");
  const name: PeriodName = isPeriod(chosen) ? chosen : "1h";
  const period = periods[name];
  const summary = usePoll<DecisionSummary>(`summary of ${name}`, { every: 5000, makePath: () => summaryPath(name, Date.now()) });
  const routes = usePoll<Queues>("queues?routes=1000", { every: 5000 });
  // The large parts are drawn when there is time, and only when their figures are new: not each second with what is live.
  const shown = useDeferredValue(summary.data);
  const grid = useDeferredValue(routes.data);
  const live = useLive();
  // The stream tells the queues every two seconds, the routes come with the slower answer.
  const queues = routes.data === null ? null : live.queues === null ? routes.data : { ...routes.data, ...live.queues, routes: routes.data.routes };
  return (
    <>
      <PageHead title="Overview" about="Is it going well, is it going as yesterday, and what should be looked at. Times are of your zone.">
        <LiveState state={live.state} at={summary.at} />
        <Segmented
          label="Period" value={name} onChange={choose}
          options={(Object.keys(periods) as PeriodName[]).map((value) => ({ value, label: periods[value].label, title: periods[value].words }))}
        />
      </PageHead>
      <AttentionList queues={queues} health={live.health} problem={routes.problem} />
      {summary.data === null && summary.problem !== null ? (
        // What is missing for want of an answer is said above the page.
        summary.problem.status !== 0 && <ProblemNotice problem={summary.problem} onRetry={summary.refresh} />
      ) : (
        <Figures summary={shown} words={period.words} />
      )}
      <div className="grid-2">
        <Card title="Decisions by action" about={`${period.words}, ${duration(period.step)} a column`} actions={<a href={link("predictions")}>All decisions</a>}>
          <Past summary={summary} shown={shown} kind="actions" />
        </Card>
        <Card title="Decisions by priority" about={`${period.words}, ${duration(period.step)} a column`}>
          <Past summary={summary} shown={shown} kind="priorities" />
        </Card>
      </div>
      <Card
        title="Where messages are" actions={<a href={link("queues")}>All queues</a>}
        about={queues === null ? "messages ready for delivery" : `messages ready for delivery at ${clock(queues.sampled_at)}; rates over ${duration(windowOf(queues))}`}
      >
        {queues === null ? <Loaded from={routes} height={420}>{() => null}</Loaded> : <FlowPicture queues={queues} live={live} />}
      </Card>
      <Card title="Routes" about="share delivered by provider and country, lately (half-life 20 min)" isFlush>
        <Loaded from={routes} height={280}>
          {() => grid && <Routes queues={grid} />}
        </Loaded>
      </Card>
    </>
  );
}

interface PastProps {
  summary: Polled<DecisionSummary>;
  shown: DecisionSummary | null;
  kind: "actions" | "priorities";
}

/** What is wrong with the summary is said once, above. */
function Past({ summary, shown, kind }: PastProps) {
  if (shown !== null) return <History summary={shown} kind={kind} />;
  return summary.problem === null ? <Skeleton height={200} /> : <Empty title="No figures">They come from the log of decisions.</Empty>;
}

const Figures = memo(FigureStrip);
const Routes = memo(RouteGrid);

const History = memo(function History({ summary, kind }: { summary: DecisionSummary; kind: "actions" | "priorities" }) {
  const { buckets } = summary;
  if (buckets.every((bucket) => bucket.decisions === 0)) {
    return <Empty title="No decisions in this period">They appear here when a scorer takes jobs, or when somebody asks at POST /predict.</Empty>;
  }
  const kinds =
    kind === "actions"
      ? actionKinds.map((key) => ({ key, color: actionColors[key], values: buckets.map((bucket) => bucket.actions[key]) }))
      : priorities.map((key) => ({ key, color: priorityColors[key], values: buckets.map((bucket) => bucket.priorities[key]) }));
  return (
    <StackedColumns
      label={`Decisions by ${kind === "actions" ? "action" : "priority"}`} times={buckets.map((bucket) => Date.parse(bucket.at))}
      step={summary.step_s * 1000} isLastOpen series={kinds.map((one) => ({ ...one, label: word(one.key) }))}
    />
  );
});

function windowOf(queues: Queues): number | null {
  return queues.queues.find((queue) => queue.window_s !== null)?.window_s ?? null;
}

function LiveState({ state, at }: { state: string; at: number | null }) {
  const text = state === "live" ? "Live" : state === "connecting" ? "Connecting" : state === "paused" ? "Paused" : `Not live${at === null ? "" : `, as of ${ago(at)}`}`;
  return (
    <span className={`live live-${state}`} role="status">
      {text}
    </span>
  );
}
