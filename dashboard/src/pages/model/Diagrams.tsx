import type { ReactNode } from "react";
import type { CurvePoint, Diagrams as DiagramsOfModel } from "../../api/diagrams";
import { diagramsOf } from "../../api/diagrams";
import type { Polled } from "../../api/poll";
import type { ApiProblem } from "../../api/problem";
import type { Performance, ReliabilityBin } from "../../api/types";
import { Legend } from "../../charts/Legend";
import type { LineSeries } from "../../charts/LineChart";
import { LineChart } from "../../charts/LineChart";
import { seriesColor, seriesDash } from "../../charts/palette";
import { Card } from "../../ui/Card";
import { Empty } from "../../ui/Empty";
import { fixed, percent, percentRange } from "../../ui/format";
import { ProblemNotice } from "../../ui/ProblemNotice";
import { Skeleton } from "../../ui/Skeleton";
import { calibrationMap, probabilityShares } from "./figures";
import { Importances } from "./Importances";
import { LiveReliability } from "./LiveReliability";
import type { ModelPair } from "./ModelPage";
import { ReportLink } from "./ReportLink";

/** A model of the pair and its diagrams. */
export interface Drawn {
  version: string;
  diagrams: DiagramsOfModel | null;
  /** Its artifact has come. */
  isKnown: boolean;
}

/** Places of the cursor: curves have points at places of their own. */
const places = Array.from({ length: 51 }, (_, index) => index / 50);
const share = {
  xDomain: [0, 1] as [number, number], yDomain: [0, 1] as [number, number], height: 260, hasLegend: false,
  formatX: (value: number) => percent(value, 0), formatY: (value: number) => percent(value, 0),
};

/** How well the models predict and rank, on their test periods and in production, and what they go by. */
export function Diagrams({ performance, problem, ...pair }: ModelPair & { performance: Polled<Performance>; problem: ApiProblem | null }) {
  const { champion, challenger, championDetail, challengerDetail } = pair;
  const models: Drawn[] = [
    ...(champion === null ? [] : [{ version: champion.version, diagrams: diagramsOf(championDetail), isKnown: championDetail !== null }]),
    ...(challenger === null ? [] : [{ version: challenger.version, diagrams: diagramsOf(challengerDetail), isKnown: challengerDetail !== null }]),
  ];
  if (models.length === 0) return null;
  const series = (points: (diagrams: DiagramsOfModel) => LineSeries["points"], marks = false): LineSeries[] =>
    models.flatMap(({ version, diagrams }, index) =>
      diagrams === null ? [] : [{ key: version, label: version, color: seriesColor(index), dash: seriesDash(index), marks, points: points(diagrams) }],
    );
  const metric = (name: string) => models.map(({ version }, index) => `${version} ${fixed((index === 0 && champion !== null ? champion : challenger)?.metrics[name]?.value, 3)}`).join(", ");
  const names = models.map(({ version }) => version).join(" and ");
  const curve = (title: string, about: ReactNode, chart: ReactNode) => (
    <figure>
      <figcaption>
        <h3>{title}</h3>
        <span className="faint small">{about}</span>
      </figcaption>
      {chart}
    </figure>
  );
  const isDrawn = models.some(({ diagrams }) => diagrams !== null);
  return (
    <Card
      title="Diagrams" about="on the test periods after calibration, and in production"
      actions={<Legend entries={models.map(({ version }, index) => ({ key: version, label: version, color: seriesColor(index), dash: seriesDash(index) }))} />}
    >
      <div className="stack">
        <div className="grid-2">
          {curve(
            "Reliability, test period", "share delivered over probability, 95 % intervals",
            isDrawn ? (
              <LineChart
                {...share} label={`Reliability of ${names} on the test period: share delivered over probability`} diagonal series={series((one) => reliabilityPoints(one.reliability), true)}
                describeX={(value) => `predicted ${percent(value)}`} describeY={(point) => `${percent(point.y)} (${percentRange(point.low, point.high)})`}
              />
            ) : (
              <NotDrawn models={models} problem={problem} />
            ),
          )}
          <LiveReliability performance={performance} champion={champion?.version ?? null} chart={share} />
          {isDrawn && (
            <>
              {curve(
                "ROC, test period", `deliveries found over false alarms; AUC ${metric("auc")}`,
                <LineChart
                  {...share} label={`ROC curves of ${names}; areas: ${metric("auc")}`} diagonal stops={places} series={series((one) => one.roc)}
                  describeX={(value) => `${percent(value, 0)} false alarms`} describeY={(point) => percent(point.y)}
                />,
              )}
              {curve(
                "Precision and recall, test period", `PR-AUC ${metric("pr_auc")}`,
                <LineChart
                  {...share} label={`Precision over recall of ${names}; areas: ${metric("pr_auc")}`} stops={places} series={series((one) => one.precisionRecall)}
                  yDomain={[lowest(models), 1]} describeX={(value) => `recall ${percent(value, 0)}`} describeY={(point) => percent(point.y)}
                />,
              )}
            </>
          )}
        </div>
        <Importances models={models} />
        {isDrawn && <Missing models={models} />}
        <Scales {...pair} />
      </div>
    </Card>
  );
}

export function reliabilityPoints(bins: readonly ReliabilityBin[]): LineSeries["points"] {
  return bins.map((bin) => ({ x: bin.predicted, y: bin.observed, low: bin.lower, high: bin.upper }));
}

/** Precision does not fall below the base rate, which may be high: the axis begins at the tenth below. */
function lowest(models: readonly Drawn[]): number {
  const all = models.flatMap(({ diagrams }) => diagrams?.precisionRecall.map((point: CurvePoint) => point.y) ?? []);
  return all.length === 0 ? 0 : Math.max(0, Math.floor(Math.min(...all) * 10 - 0.001) / 10);
}

/** In the place of the diagrams, where no artifact has any. */
function NotDrawn({ models, problem }: { models: readonly Drawn[]; problem: ApiProblem | null }) {
  if (problem !== null) return <ProblemNotice problem={problem} />;
  if (models.some((model) => !model.isKnown)) return <Skeleton height={260} />;
  return (
    <Empty title="The artifacts have no diagrams">
      They were trained before artifacts had them. The training reports do: <Reports models={models} />.
    </Empty>
  );
}

/** Beside the diagrams, where one artifact has none. */
function Missing({ models }: { models: readonly Drawn[] }) {
  const without = models.filter((model) => model.isKnown && model.diagrams === null);
  if (without.length === 0) return null;
  return (
    <p className="faint small">
      {without.map((model) => model.version).join(" and ")} was trained before artifacts had diagrams; its training report has them: <Reports models={without} />.
    </p>
  );
}

function Reports({ models }: { models: readonly Drawn[] }) {
  return (
    <>
      {models.map(({ version }, index) => (
        <span key={version}>
          {index > 0 && ", "}
          <ReportLink version={version} part="calibration">{`report of ${version}`}</ReportLink>
        </span>
      ))}
    </>
  );
}

/** What the artifacts themselves say: how raw probabilities are calibrated, and how probabilities lie on the training data. */
function Scales({ champion, challenger, championDetail, challengerDetail }: ModelPair) {
  const pair = [
    { name: champion?.version, detail: championDetail },
    { name: challenger?.version, detail: challengerDetail },
  ];
  const series = (points: (detail: ModelPair["championDetail"]) => { x: number; y: number }[]) =>
    pair.flatMap(({ name, detail }, index) =>
      name === undefined || points(detail).length === 0 ? [] : [{ key: name, label: name, color: seriesColor(index), dash: seriesDash(index), points: points(detail) }],
    );
  const maps = series(calibrationMap);
  const shares = series(probabilityShares);
  if (maps.length === 0 && shares.length === 0) return null;
  return (
    <div className="grid-2">
      {maps.length > 0 && (
        <figure>
          <figcaption>
            <h3>Calibration map</h3>
            <span className="faint small">calibrated over raw probability, from the artifact</span>
          </figcaption>
          <LineChart {...share} label="Calibrated over raw probability" series={maps} diagonal height={220} stops={places} describeX={(value) => `raw ${percent(value)}`} describeY={(point) => percent(point.y)} />
        </figure>
      )}
      {shares.length > 0 && (
        <figure>
          <figcaption>
            <h3>Distribution of probabilities</h3>
            <span className="faint small">share of the training rows in steps of 5 %</span>
          </figcaption>
          <LineChart
            label="Share of the training rows by probability" series={shares} xDomain={[0, 1]} yHolds={[0]} height={220} hasLegend={false}
            formatX={(value) => percent(value, 0)} formatY={(value) => percent(value, 0)} describeX={(value) => `${percent(value - 0.025, 0)} to ${percent(value + 0.025, 0)}`}
          />
        </figure>
      )}
    </div>
  );
}
