import { useState } from "react";
import { request, withQuery } from "../../api/client";
import { ApiProblem } from "../../api/problem";
import type { Performance, PredictionEntry, PredictionPage } from "../../api/types";
import { LineChart } from "../../charts/LineChart";
import { seriesColor, seriesDash } from "../../charts/palette";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Empty } from "../../ui/Empty";
import { dateTime, fixed, percent, plural } from "../../ui/format";
import { Notice } from "../../ui/Notice";
import { ProblemNotice } from "../../ui/ProblemNotice";
import { judged, rankingCurves, reliability } from "./curves";
import { calibrationMap, probabilityShares } from "./figures";
import type { ModelPair } from "./ModelPage";
import { ReportLink } from "./ReportLink";

const pageSize = 500;
const mostPages = 8;

interface Sample {
  version: string;
  rows: PredictionEntry[];
  from: string | null;
  to: string | null;
  isMatured: boolean;
}

/** Reliability and ranking of the champion on decisions from the log, drawn when asked for; and what the artifacts say of their scales. */
export function Diagrams({ champion, challenger, championDetail, challengerDetail, performance }: ModelPair & { performance: Performance | null }) {
  const [sample, setSample] = useState<Sample | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const version = champion?.version ?? null;

  async function collect(isMatured: boolean) {
    if (version === null) return;
    setIsBusy(true);
    setProblem(null);
    // By the clock of the decisions, which may be a simulated one.
    const now = performance === null || performance.generated_at === null ? Date.now() : Date.parse(performance.generated_at);
    const to = isMatured ? new Date(now - (performance?.maturity_s ?? 3600) * 1000).toISOString() : null;
    const rows: PredictionEntry[] = [];
    try {
      let cursor: string | null = null;
      for (let page = 0; page < mostPages; page += 1) {
        const answer: PredictionPage = await request<PredictionPage>(
          withQuery("predictions", { model: version, action: "dispatch", to, limit: pageSize, cursor }), { role: "read" },
        );
        rows.push(...answer.predictions);
        cursor = answer.next;
        if (cursor === null) break;
      }
      setSample({ version, rows, from: rows[rows.length - 1]?.decided_at ?? null, to: rows[0]?.decided_at ?? null, isMatured });
    } catch (error) {
      if (error instanceof ApiProblem) setProblem(error);
    } finally {
      setIsBusy(false);
    }
  }

  const list = sample === null ? [] : judged(sample.rows);
  const curves = rankingCurves(list);
  return (
    <Card
      title="Diagrams" about={version === null ? undefined : `of ${version}, from decisions in the log`}
      actions={
        version !== null && (
          <>
            <Button isBusy={isBusy} onClick={() => void collect(true)}>
              {isBusy ? "Reading the log…" : `Draw from the last ${(pageSize * mostPages).toLocaleString("en-GB")} judged`}
            </Button>
            <Button kind="quiet" isBusy={isBusy} onClick={() => void collect(false)}>
              Newest, judged or not
            </Button>
          </>
        )
      }
    >
      <div className="stack">
        {problem !== null && <ProblemNotice problem={problem} />}
        {sample === null ? (
          <p className="muted">
            Reliability, ROC and precision-recall curves are made here from decisions and their outcomes, when asked for: the log is read for it. Those on the test rows
            are in the training report
            {version !== null && (
              <>
                {": "}
                <ReportLink version={version} part="calibration">{`reliability of ${version}`}</ReportLink>, <ReportLink version={version} part="ranking">{`ROC and PR of ${version}`}</ReportLink>
              </>
            )}
            {challenger !== null && (
              <>
                , <ReportLink version={challenger.version} part="calibration">{`reliability of ${challenger.version}`}</ReportLink>,{" "}
                <ReportLink version={challenger.version} part="ranking">{`ROC and PR of ${challenger.version}`}</ReportLink>
              </>
            )}
            .
          </p>
        ) : curves === null || list.length < 30 ? (
          <Empty title="Not enough decisions with an outcome">
            {plural(list.length, "of the decisions found has", "of the decisions found have")} an outcome; 30 are needed, both delivered and failed.
            {sample.isMatured && " Decisions whose time for an outcome is not over are left out: with “Newest, judged or not” they are taken too."}
          </Empty>
        ) : (
          <>
            {!sample.isMatured && (
              <Notice tone="warn">Quick outcomes are over-represented: the time in which an outcome is waited for is not over for these decisions.</Notice>
            )}
            <div className="grid-3">
              <figure>
                <figcaption>
                  <h3>Reliability</h3>
                  <span className="faint small">observed share over predicted, 95 % intervals</span>
                </figcaption>
                <LineChart
                  label="Reliability diagram: share delivered over predicted probability" xDomain={[0, 1]} yDomain={[0, 1]} diagonal height={260} hasLegend={false}
                  formatX={(value) => percent(value, 0)} formatY={(value) => percent(value, 0)} describeX={(value) => `predicted ${percent(value)}`}
                  describeY={(point) => `${percent(point.y)} [${percent(point.low)} to ${percent(point.high)}]`}
                  series={[{ key: "observed", label: "delivered", color: seriesColor(0), marks: true, points: reliability(list).map((bin) => ({ x: bin.predicted, y: bin.observed, low: bin.low, high: bin.high })) }]}
                />
              </figure>
              <figure>
                <figcaption>
                  <h3>ROC</h3>
                  <span className="faint small">true over false positive rate; AUC {fixed(curves.auc, 3)}</span>
                </figcaption>
                <LineChart
                  label={`ROC curve, area ${fixed(curves.auc, 3)}`} xDomain={[0, 1]} yDomain={[0, 1]} diagonal height={260} hasLegend={false}
                  formatX={(value) => percent(value, 0)} formatY={(value) => percent(value, 0)} describeX={(value) => `${percent(value)} false alarms`}
                  series={[{ key: "roc", label: "found", color: seriesColor(0), points: curves.roc }]}
                />
              </figure>
              <figure>
                <figcaption>
                  <h3>Precision and recall</h3>
                  <span className="faint small">PR-AUC {fixed(curves.prAUC, 3)}; line: base rate</span>
                </figcaption>
                <LineChart
                  label={`Precision over recall, area ${fixed(curves.prAUC, 3)}`} xDomain={[0, 1]} yDomain={[0, 1]} height={260} hasLegend={false}
                  formatX={(value) => percent(value, 0)} formatY={(value) => percent(value, 0)} describeX={(value) => `recall ${percent(value)}`}
                  references={[{ y: curves.delivered / curves.count, label: "" }]}
                  series={[{ key: "pr", label: "precision", color: seriesColor(0), points: curves.pr }]}
                />
              </figure>
            </div>
            <p className="faint small">
              {plural(curves.count, "job")} that {sample.version} sent at once and that {curves.count === 1 ? "has" : "have"} an outcome, decided {dateTime(sample.from)} to {dateTime(sample.to)};{" "}
              {percent(curves.delivered / curves.count)} delivered. Jobs without an outcome are left out.
            </p>
          </>
        )}
        <Scales champion={champion} challenger={challenger} championDetail={championDetail} challengerDetail={challengerDetail} />
      </div>
    </Card>
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
          <LineChart
            label="Calibrated over raw probability" series={maps} xDomain={[0, 1]} yDomain={[0, 1]} diagonal height={220} hasLegend formatX={(value) => percent(value, 0)}
            formatY={(value) => percent(value, 0)} describeX={(value) => `raw ${percent(value)}`}
          />
        </figure>
      )}
      {shares.length > 0 && (
        <figure>
          <figcaption>
            <h3>Distribution of probabilities</h3>
            <span className="faint small">share of the training rows in steps of 5 %</span>
          </figcaption>
          <LineChart
            label="Share of the training rows by probability" series={shares} xDomain={[0, 1]} yHolds={[0]} height={220} hasLegend
            formatX={(value) => percent(value, 0)} formatY={(value) => percent(value, 0)} describeX={(value) => `${percent(value - 0.025, 0)} to ${percent(value + 0.025, 0)}`}
          />
        </figure>
      )}
    </div>
  );
}
