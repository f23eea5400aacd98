import type { ReactNode } from "react";
import { usePoll } from "../../api/poll";
import type { PredictionDetail } from "../../api/types";
import { link } from "../../app/router";
import { SignedBars } from "../../charts/SignedBars";
import { ActionBadge, Badge, OutcomeBadge, PriorityBadge, StatusBadge } from "../../ui/Badge";
import { CopyButton } from "../../ui/CopyButton";
import { Dialog } from "../../ui/Dialog";
import { Empty } from "../../ui/Empty";
import { bytes, dateTime, delay, duration, fixed, number, percent, signed, word } from "../../ui/format";
import { Loaded } from "../../ui/Loaded";
import { ActionChoice } from "./ActionChoice";
import { AttemptTimeline } from "./AttemptTimeline";
import { Conditions } from "./Conditions";
import { FeatureTable } from "./FeatureTable";

interface DecisionDrawerProps {
  id: string;
  onClose: () => void;
  /** Links to other decisions keep the list behind as it is. */
  hrefOf: (id: string) => string;
}

/** One decision whole: what was chosen among what, why, under which conditions, and what became of it. */
export function DecisionDrawer({ id, onClose, hrefOf }: DecisionDrawerProps) {
  // What becomes of it may come while it is looked at.
  const detail = usePoll<PredictionDetail>(`predictions/${encodeURIComponent(id)}`, { every: 10_000 });
  return (
    <Dialog title={`Decision ${id.slice(0, 12)}…`} isDrawer onClose={onClose}>
      {detail.problem?.status === 404 ? (
        <Empty title="There is no such decision">It may be older than decisions are kept, or still wait in the spool while the database is away.</Empty>
      ) : (
        <Loaded from={detail} height={640}>
          {(decision) => <Decision decision={decision} hrefOf={hrefOf} />}
        </Loaded>
      )}
    </Dialog>
  );
}

function Decision({ decision, hrefOf }: { decision: PredictionDetail; hrefOf: (id: string) => string }) {
  const { job, explanation } = decision;
  return (
    <div className="decision">
      <div className="stack">
        <p className="decision-sentence">{explanation.sentence}</p>
        <div className="row">
          <ActionBadge action={decision.action} />
          <OutcomeBadge outcome={decision.outcome} />
          <PriorityBadge priority={decision.priority} />
          {decision.source !== "stream" && <Badge tone="info">{decision.source}</Badge>}
          <span className="decision-tools">
            <CopyButton text={new URL(link(["predictions", decision.decision_id]), location.href).href}>Copy link</CopyButton>
            <CopyButton text={JSON.stringify(decision, null, 2)}>Copy JSON</CopyButton>
          </span>
        </div>
      </div>
      <Section title="Decision">
        <dl className="definition definition-2">
          <Item name="Decided">{dateTime(decision.decided_at)}</Item>
          <Item name="P(success)">{percent(decision.probability)}</Item>
          <Item name="Reason">{word(decision.reason)}</Item>
          <Item name="Propensity">
            <span title="How likely this choice was, for the evaluation of other policies">{percent(decision.propensity)}</span>
          </Item>
          <Item name="Via">
            {decision.provider}, {delay(decision.delay_ms)}
          </Item>
          <Item name="Model">
            <a href={link("model", { version: decision.model })}>{decision.model || "none"}</a> · policy {decision.policy}
          </Item>
          <Item name="Decision">
            <span className="mono">{decision.decision_id}</span>
          </Item>
        </dl>
      </Section>
      <Section title="Attempts" about={`of notification ${decision.notification_id}`}>
        <AttemptTimeline decision={decision} hrefOf={hrefOf} />
      </Section>
      <Section title="Actions" about={`${decision.actions.length} were considered`}>
        <ActionChoice decision={decision} />
      </Section>
      <Section
        title="Why" about={explanation.method === undefined ? undefined : explanation.method === "tree_shap" ? "Shapley values (TreeSHAP), log-odds" : "along the path of the trees, log-odds"}
      >
        {explanation.contributions.length === 0 ? (
          <p className="muted">
            {decision.probability === null ? "No model was asked for this decision." : "The model that decided cannot be loaded any more: the contributions of its features are not known."}
          </p>
        ) : (
          <>
            <SignedBars
              label="Strongest contributions to the log-odds of success"
              bars={explanation.contributions.map((one) => ({ key: one.name, label: word(one.name), note: one.value, value: one.log_odds }))}
              describe={(bar) => `${bar.value < 0 ? "Speaks against" : "Speaks for"} success: ${signed(bar.value)} log-odds`}
            />
            {explanation.base !== undefined && (
              <p className="faint small">
                The strongest {explanation.contributions.length}; the base is {signed(explanation.base)} log-odds ({percent(1 / (1 + Math.exp(-explanation.base)))}).
              </p>
            )}
          </>
        )}
        {explanation.runner_up !== undefined && (
          <p className="small">
            Next best: {explanation.runner_up.provider} {explanation.runner_up.delay_ms === 0 ? "now" : `in ${delay(explanation.runner_up.delay_ms)}`},{" "}
            {percent(explanation.runner_up.probability)}, {number(Math.abs(explanation.runner_up.points_behind), 2)} points{" "}
            {explanation.runner_up.points_behind < 0 ? "ahead, but overruled" : "behind"}.
          </p>
        )}
      </Section>
      <Section title="Conditions" about="what overrides and prices went by">
        <Conditions decision={decision} />
      </Section>
      <Section title="Job" about="as it was decided on">
        <dl className="definition definition-2">
          <Item name="Job">
            <span className="mono">{decision.job_id}</span>
          </Item>
          <Item name="Notification">
            <a className="mono" href={link("predictions", { notification_id: decision.notification_id })}>
              {decision.notification_id}
            </a>
          </Item>
          <Item name="Channel">{word(decision.channel)}</Item>
          <Item name="Country">{decision.country}</Item>
          <Item name="Template">{word(decision.template)}</Item>
          <Item name="Payload">{bytes(job.payload_size)}</Item>
          <Item name="Created">{dateTime(job.created_at)}</Item>
          <Item name="To send">{dateTime(job.send_time)}</Item>
          <Item name="Expires">{job.expires_at === null ? "never" : dateTime(job.expires_at)}</Item>
          <Item name="Caller's route">{job.provider}</Item>
          <Item name="May go by">{job.providers.join(", ") || "that alone"}</Item>
          <Item name="Attempts before">{fixed(decision.previous_attempts, 0)}</Item>
          <Item name="Last status">
            <StatusBadge status={job.last_status} />
            {job.response_code !== null && <span className="mono"> {job.response_code}</span>}
          </Item>
          <Item name="Last attempt">
            {job.last_attempt_at === null ? "none" : dateTime(job.last_attempt_at)}
            {job.latency_ms !== null && <span className="muted">, took {duration(job.latency_ms / 1000)}</span>}
          </Item>
        </dl>
      </Section>
      <FeatureTable decision={decision} />
    </div>
  );
}

function Section({ title, about, children }: { title: string; about?: string; children?: ReactNode }) {
  return (
    <section className="decision-section">
      <h3>
        {title} {about !== undefined && <span className="faint">{about}</span>}
      </h3>
      {children}
    </section>
  );
}

function Item({ name, children }: { name: string; children?: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
