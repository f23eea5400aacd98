import { useState } from "react";
import { session } from "../../api/session";
import type { Performance, Prediction } from "../../api/types";
import { useStore } from "../../api/useStore";
import { link } from "../../app/router";
import { LineChart } from "../../charts/LineChart";
import { ShareBar } from "../../charts/ShareBar";
import { SignedBars } from "../../charts/SignedBars";
import { ActionBadge, Badge, PriorityBadge } from "../../ui/Badge";
import { Card } from "../../ui/Card";
import { CopyButton } from "../../ui/CopyButton";
import { Empty } from "../../ui/Empty";
import { clock, delay, duration, featureName, fixed, number, percent, percentRange, plural, signed, word } from "../../ui/format";
import { Notice } from "../../ui/Notice";
import { Segmented } from "../../ui/Segmented";
import { Table } from "../../ui/Table";
import type { TestFigures } from "./band";
import { calibrationBand } from "./band";
import { curlCommand } from "./curl";
import { curves, delaysOf } from "./curves";

interface AnswerProps {
  prediction: Prediction;
  sent: { path: string; body: string; channel: string };
  milliseconds: number;
  performance: Performance | null;
  test: TestFigures | null;
  /** The job has been changed, or asked about again, since. */
  isOld: boolean;
}

/** The decision in a sentence, how sure it is, what else there was to choose from, and what spoke for it. */
export function Answer({ prediction, sent, milliseconds, performance, test, isOld }: AnswerProps) {
  return (
    <div className={isOld ? "stack try-old" : "stack"}>
      <Verdict prediction={prediction} sent={sent} milliseconds={milliseconds} performance={performance} test={test} />
      {prediction.actions.length > 0 && <Choices prediction={prediction} />}
      <Contributions prediction={prediction} />
      <Raw prediction={prediction} sent={sent} />
    </div>
  );
}

function Verdict({ prediction, sent, milliseconds, performance, test }: Omit<AnswerProps, "isOld">) {
  const band = calibrationBand(prediction, sent.channel, performance, test);
  const { probability } = prediction;
  return (
    <Card
      title="Decision" about={`at ${clock(prediction.decided_at)}, answered in ${duration(milliseconds / 1000)}`}
      actions={<a href={link(["predictions", prediction.decision_id])}>In the log</a>}
    >
      <div className="stack">
        {prediction.degraded.length > 0 && (
          <Notice tone="warn" title="Degraded.">
            The answer had to do without {prediction.degraded.map((part) => `the ${part}`).join(" and ")}.
          </Notice>
        )}
        <p className="try-sentence">{prediction.sentence ?? `${word(prediction.action)}: ${word(prediction.reason)}`}</p>
        <div className="try-verdict">
          <div className="try-probability">
            <div className="stat-label">Probability of delivery</div>
            <div className="try-percent">{probability === null ? "none" : percent(probability)}</div>
            {probability === null ? (
              <p className="faint">No action was scored: {word(prediction.reason)}.</p>
            ) : (
              <>
                <ShareBar
                  value={probability} low={band?.low} high={band?.high}
                  label={`Probability ${percent(probability)}${band === null ? "" : `, calibration band ${percentRange(band.low, band.high)}`}`}
                />
                {band === null ? (
                  <p className="faint">
                    {test === null ? "How far it may be off is not known: the model's figures have not come." : "How far it may be off is not known: the model has no calibration figures."}
                  </p>
                ) : (
                  <p className="faint">
                    <b className="try-band">
                      {percentRange(band.low, band.high)}
                    </b>{" "}
                    calibration band. {band.basis}
                  </p>
                )}
              </>
            )}
          </div>
          <dl className="definition">
            <dt>Action</dt>
            <dd>
              <ActionBadge action={prediction.action} /> {prediction.action !== "give_up" && <>{delay(prediction.delay_ms)} through {prediction.provider}</>}
            </dd>
            <dt>Priority</dt>
            <dd>
              <PriorityBadge priority={prediction.priority} />
            </dd>
            <dt>Reason</dt>
            <dd>{word(prediction.reason)}</dd>
            <dt>Model, policy</dt>
            <dd>
              {prediction.model}, {prediction.policy}
            </dd>
            <dt>Propensity</dt>
            <dd>{percent(prediction.propensity)}</dd>
            {prediction.runner_up && (
              <>
                <dt>Next best</dt>
                <dd>
                  {prediction.runner_up.provider} {prediction.runner_up.delay_ms === 0 ? "now" : `in ${delay(prediction.runner_up.delay_ms)}`},{" "}
                  {number(prediction.runner_up.points_behind, 2)} points less
                </dd>
              </>
            )}
          </dl>
        </div>
      </div>
    </Card>
  );
}

function Choices({ prediction }: { prediction: Prediction }) {
  const [view, setView] = useState<"curves" | "table">("curves");
  const { actions } = prediction;
  const chosen = prediction.chosen === null ? null : actions[prediction.chosen] ?? null;
  const delays = delaysOf(actions);
  const shared = {
    x: "bent" as const, bend: 10, xTicks: delays, xDomain: [0, Math.max(60, ...delays)] as [number, number], height: 210,
    formatX: (value: number) => delay(value * 1000), describeX: (value: number) => (value === 0 ? "Now" : `In ${duration(value)}`),
  };
  const at = (of: "probability" | "utility") => (chosen === null ? null : { x: chosen.delay_ms / 1000, y: chosen[of], label: "chosen" });
  return (
    <Card
      title="What it chose from" about={`${plural(actions.length, "action")}; the ring is the chosen one`}
      actions={<Segmented label="View" value={view} onChange={setView} options={[{ value: "curves", label: "Curves" }, { value: "table", label: "Table" }]} />}
    >
      {view === "curves" ? (
        <div className="grid-2">
          <div>
            <h3>P(success) by delay</h3>
            <LineChart
              {...shared} label="Probability of success over the delay, a line for each provider" series={curves(actions, "probability")} yDomain={[0, 1]}
              formatY={(value) => percent(value, 0)} describeY={(point) => percent(point.y)} chosen={at("probability")} hasLegend
            />
          </div>
          <div>
            <h3>Expected utility by delay, points</h3>
            <LineChart
              {...shared} label="Expected utility in points over the delay, a line for each provider" series={curves(actions, "utility")}
              formatY={(value) => number(value, 3)} chosen={at("utility")} hasLegend
            />
          </div>
        </div>
      ) : (
        <Table
          caption="All actions that were considered" rows={actions.map((action, index) => ({ ...action, index }))} rowKey={(row) => String(row.index)}
          selectedKey={prediction.chosen === null ? null : String(prediction.chosen)}
          columns={[
            { key: "provider", head: "Provider", cell: (row) => <>{row.provider} {row.index === prediction.chosen && <Badge tone="info" icon="check">chosen</Badge>}</> },
            { key: "delay", head: "Delay", isNumber: true, cell: (row) => delay(row.delay_ms) },
            { key: "probability", head: "P(success)", isNumber: true, cell: (row) => percent(row.probability) },
            { key: "utility", head: "Utility, points", isNumber: true, cell: (row) => fixed(row.utility, 3) },
            { key: "propensity", head: "Propensity", isNumber: true, isExtra: true, cell: (row) => percent(row.propensity) },
          ]}
        />
      )}
    </Card>
  );
}

function Contributions({ prediction }: { prediction: Prediction }) {
  const reasons = prediction.reasons ?? [];
  const base = prediction.base_log_odds;
  return (
    <Card
      title="What spoke for and against it"
      about={reasons.length === 0 ? undefined : `the ${reasons.length} strongest features, log-odds of success, ${prediction.attribution === "tree_shap" ? "exact (TreeSHAP)" : "by the row's path"}`}
    >
      {reasons.length === 0 ? (
        <Empty title="No contributions">{prediction.probability === null ? "The model was not asked." : "They were not asked for."}</Empty>
      ) : (
        <>
          <SignedBars
            label="Contributions of features to the log-odds of success"
            bars={[...reasons].sort((a, b) => Math.abs(b.log_odds) - Math.abs(a.log_odds)).map((reason) => ({
              key: reason.feature, label: featureName(reason.feature), note: reason.value, value: reason.log_odds,
            }))}
            describe={(bar) => `${bar.value > 0 ? "Speaks for success" : "Speaks against success"}: multiplies the odds by ${number(Math.exp(bar.value), 3)}`}
          />
          <p className="faint try-base">
            Left speaks against, right for success.{base === undefined ? "" : ` They add to a base of ${signed(base)}, what the model says of a job that it knows nothing of.`}
          </p>
        </>
      )}
    </Card>
  );
}

function Raw({ prediction, sent }: { prediction: Prediction; sent: AnswerProps["sent"] }) {
  const [view, setView] = useState<"request" | "answer">("request");
  const { token } = useStore(session);
  const url = new URL(sent.path, location.href.replace(/[?#].*$/, "")).href;
  const text = view === "request" ? sent.body : JSON.stringify(prediction, null, 2);
  return (
    <Card
      title="As it went over the wire" about={view === "request" ? `POST /${sent.path}` : "200 OK"}
      actions={
        <>
          <Segmented label="View" value={view} onChange={setView} options={[{ value: "request", label: "Request" }, { value: "answer", label: "Answer" }]} />
          <CopyButton text={text}>Copy JSON</CopyButton>
          <CopyButton text={curlCommand(url, sent.body, token !== null)}>Copy as curl</CopyButton>
        </>
      }
    >
      <pre className="code" tabIndex={0} aria-label={view === "request" ? "The request" : "The answer"}>
        {text}
      </pre>
    </Card>
  );
}
