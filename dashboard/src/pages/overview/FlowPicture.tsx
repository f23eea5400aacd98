import type { ReactNode } from "react";
import type { Queues } from "../../api/types";
import { StackedColumns } from "../../charts/StackedColumns";
import { actionColors } from "../../charts/palette";
import { link } from "../../app/router";
import { brief, compact, count, duration, rate, signed, word } from "../../ui/format";
import { Icon } from "../../ui/Icon";
import { useWidth } from "../../ui/useSize";
import type { Flow, Group } from "./flow";
import { flowOf, shade, thickness } from "./flow";
import type { Live } from "./useLive";

/** Heights of what a job can become, px, from the top; the lines are drawn to them. */
const rows = { lanes: 108, undeliverable: 52, quarantine: 52, ladder: 142 } as const;
const gap = 12;
const undeliverableTop = rows.lanes + gap;
const quarantineTop = undeliverableTop + rows.undeliverable + gap;
// Last, so that the way back to the jobs crosses nothing.
const ladderTop = quarantineTop + rows.quarantine + gap;
const height = ladderTop + rows.ladder;
/** Below this width the parts stand in a column, without lines. */
const narrow = 760;

/** The line that a job walks, with how much is where and how fast it moves. */
export function FlowPicture({ queues, live }: { queues: Queues; live: Live }) {
  const [element, width] = useWidth<HTMLDivElement>();
  const flow = flowOf(queues);
  const isNarrow = width < narrow;
  const left = Math.max(150, Math.min(210, width * 0.16));
  const scorer = Math.max(190, Math.min(280, width * 0.22));
  const link1 = Math.max(48, width * 0.06);
  const rightBegins = left + link1 + scorer + Math.max(90, width * 0.1);
  const place = (x: number, y: number, w: number, h: number) => (isNarrow ? undefined : { left: x, top: y, width: w, height: h });
  const jobsTop = 74;
  const jobsHeight = 132;
  const wide = width - rightBegins;
  return (
    <div ref={element}>
      <div className={isNarrow ? "flow flow-narrow" : "flow"} style={isNarrow ? undefined : { height }}>
        {!isNarrow && width > 0 && (
          <Lines
            flow={flow}
            jobs={{ right: left, left: left / 2, middle: jobsTop + jobsHeight / 2, bottom: jobsTop + jobsHeight }}
            scorer={{ left: left + link1, right: left + link1 + scorer }} targets={rightBegins}
          />
        )}
        <div className="flow-place" style={place(0, jobsTop, left, jobsHeight)}>
          <Box title="Jobs" href={link("queues")} group={flow.jobs} inflowWord="new" note={consumers(flow.jobs, "scorer")} isBad={flow.jobs.consumers === 0} isTall />
        </div>
        <div className="flow-place" style={place(left + link1, jobsTop - 24, scorer, jobsHeight + 48)}>
          <ScorerBox flow={flow} live={live} />
        </div>
        <div className="flow-place" style={place(rightBegins, 0, wide, rows.lanes)}>
          <div className="flow-box">
            <BoxHead title="Dispatch" href={link("queues")} depth={sumOf(flow.lanes.map((lane) => lane.group.depth))} />
            <table className="flow-lanes">
              <tbody>
                {flow.lanes.map(({ priority, group }) => (
                  <tr key={priority}>
                    <th scope="row">{priority}</th>
                    <td className="num" title="messages ready">{count(group.depth)}</td>
                    <td className="num muted">{group.inflow === null ? `${signed(group.net, 1)}/s net` : rate(group.inflow)}</td>
                    <td className="muted flow-oldest">{group.oldest === null || group.depth === 0 ? "" : `oldest ${duration(group.oldest)}`}</td>
                    <td className={group.consumers === 0 ? "flow-wrong" : "muted"}>{consumers(group, "worker")}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </div>
        <div className="flow-place" style={place(rightBegins, undeliverableTop, wide, rows.undeliverable)}>
          <Box title="Undeliverable" href={link("predictions", { action: "give_up" })} group={flow.undeliverable} note="given up; kept for whoever takes them" />
        </div>
        <div className="flow-place" style={place(rightBegins, quarantineTop, wide, rows.quarantine)}>
          <Box
            title="Quarantine" href={link("queues")} group={flow.quarantine} note="malformed or poison; can be requeued" isWarning={(flow.quarantine.depth ?? 0) > 0}
          />
        </div>
        <div className="flow-place" style={place(rightBegins, ladderTop, wide, rows.ladder)}>
          <Ladder flow={flow} />
        </div>
      </div>
      <p className="flow-log muted">
        <span>
          Log: <b>{count(flow.outcomes.depth)}</b> outcomes wait{flow.outcomes.inflow === null ? "" : `, ${rate(flow.outcomes.inflow)} come`}
        </span>
        <span className={(flow.spool.depth ?? 0) > 0 ? "flow-wrong" : undefined}>
          Spool: <b>{count(flow.spool.depth)}</b> records {(flow.spool.depth ?? 0) > 0 ? "wait for the database" : "(empty: the database keeps up)"}
        </span>
      </p>
    </div>
  );
}

function consumers(group: Group, what: string): string {
  if (group.consumers === null) return "";
  return group.consumers === 0 ? `no ${what}` : `${group.consumers} ${what}${group.consumers === 1 ? "" : "s"}`;
}

function sumOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value): value is number => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}

function BoxHead({ title, href, depth, children }: { title: string; href: string; depth: number | null; children?: ReactNode }) {
  return (
    <div className="flow-head">
      <a href={href}>{title}</a>
      <strong className="num" title={`${count(depth)} messages ready`}>
        {compact(depth)}
      </strong>
      {children}
    </div>
  );
}

function Box({ title, href, group, note, isBad = false, isWarning = false, isTall = false, inflowWord = "in" }: {
  title: string;
  href: string;
  group: Group;
  note: string;
  isBad?: boolean;
  isWarning?: boolean;
  isTall?: boolean;
  /** Jobs that come back from the ladder are not counted as published. */
  inflowWord?: string;
}) {
  const moves = [
    group.inflow === null ? "" : `${rate(group.inflow)} ${inflowWord}`,
    group.net === null || Math.abs(group.net) < 0.05 ? "" : `${signed(group.net, 1)}/s net`,
    group.oldest === null || group.depth === 0 ? "" : `oldest ${duration(group.oldest)}`,
  ].filter((text) => text !== "");
  return (
    <div className={`flow-box${isTall ? " flow-tall" : ""}${isBad ? " flow-bad" : isWarning ? " flow-warn" : ""}`}>
      <BoxHead title={title} href={href} depth={group.depth}>
        {(isBad || isWarning) && <Icon name="warning" label="needs attention" />}
      </BoxHead>
      <p className="muted flow-note">
        {[...moves, note].filter((text) => text !== "").map((text) => (
          <span key={text}>{text}</span>
        ))}
      </p>
    </div>
  );
}

function ScorerBox({ flow, live }: { flow: Flow; live: Live }) {
  const pulse = live.pulse;
  return (
    <div className="flow-box flow-scorer">
      <div className="flow-head">
        <span>Decide</span>
        {flow.decided !== null && <strong className="num">{rate(flow.decided)}</strong>}
      </div>
      {pulse === null ? null : (
        <StackedColumns
          label="Decisions a second over the last minute, by action" height={104} hasLegend={false} step={1000}
          ticks={[60, 30, 0].map((seconds) => ({ value: pulse.begin + (60 - seconds) * 1000, label: seconds === 0 ? "now" : `−${seconds} s` }))}
          times={pulse.counts.dispatch.map((_, index) => pulse.begin + index * 1000)}
          series={(["dispatch", "retry", "give_up"] as const).map((key) => ({ key, label: word(key), color: actionColors[key], values: pulse.counts[key] }))}
        />
      )}
      <p className="muted flow-note">
        <span>
          decisions a second
          {live.dropped === null ? "; some events left out" : live.dropped > 0 ? `; ${count(live.dropped)} events left out` : ""}
        </span>
      </p>
    </div>
  );
}

function Ladder({ flow }: { flow: Flow }) {
  return (
    <div className="flow-box">
      <BoxHead title="Retry ladder" href={link("queues")} depth={flow.ladder.depth}>
        <span className="muted flow-rate">{flow.ladder.inflow === null ? "" : `${rate(flow.ladder.inflow)} in`}</span>
      </BoxHead>
      <div className="table-scroll" role="region" aria-label="Retry ladder" tabIndex={0}>
        <table className="flow-ladder">
          <caption className="visually-hidden">Messages that wait, by priority and delay</caption>
          <thead>
            <tr>
              <td />
              {flow.delays.map((step) => (
                <th key={step} scope="col">
                  {step}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {flow.steps.map(({ priority, cells }) => (
              <tr key={priority}>
                <th scope="row">{priority}</th>
                {cells.map((queue) => (
                  <td
                    key={queue.name} title={`${queue.name}: ${count(queue.depth)} messages, ${rate(queue.publish_per_s)} in`}
                    style={{ background: `color-mix(in srgb, var(--retry) ${Math.round(shade(queue.depth) * 60)}%, transparent)` }}
                  >
                    {queue.depth === 0 ? <span className="faint">·</span> : brief(queue.depth)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

interface LinesProps {
  flow: Flow;
  jobs: { left: number; right: number; middle: number; bottom: number };
  scorer: { left: number; right: number };
  targets: number;
}

/** The lines between the parts, as thick as what goes along them. */
function Lines({ flow, jobs, scorer, targets }: LinesProps) {
  const inflowOf = (group: Group) => group.inflow ?? (group.net !== null && group.net > 0 ? group.net : null);
  const dispatched = sumOf(flow.lanes.map((lane) => lane.group.inflow));
  const ends = [
    { key: "dispatch", y: rows.lanes / 2, flow: dispatched, color: "var(--dispatch)", label: rate(dispatched) },
    { key: "give_up", y: undeliverableTop + rows.undeliverable / 2, flow: inflowOf(flow.undeliverable), color: "var(--give-up)", label: rate(flow.undeliverable.inflow) },
    { key: "quarantine", y: quarantineTop + rows.quarantine / 2, flow: inflowOf(flow.quarantine), color: "var(--s2)", label: rate(flow.quarantine.inflow) },
    { key: "retry", y: ladderTop + 44, flow: inflowOf(flow.ladder), color: "var(--retry)", label: rate(flow.ladder.inflow) },
  ];
  const bend = (targets - scorer.right) / 2;
  const loopY = height - 26;
  return (
    <svg className="flow-lines" aria-hidden>
      <path d={`M${jobs.right} ${jobs.middle}H${scorer.left}`} stroke="var(--line-strong)" strokeWidth={thickness(flow.decided)} />
      {ends.map((end, index) => {
        const from = jobs.middle - 18 + index * 12;
        return (
          <g key={end.key}>
            <path
              d={`M${scorer.right} ${from}C${scorer.right + bend} ${from} ${targets - bend} ${end.y} ${targets} ${end.y}`} stroke={end.color} strokeOpacity={0.75}
              strokeWidth={thickness(end.flow)} strokeDasharray={end.flow ? undefined : "3 4"}
            />
            <text x={targets - 8} y={end.y - thickness(end.flow) / 2 - 5} textAnchor="end">
              {end.label === "–" ? "" : end.label}
            </text>
          </g>
        );
      })}
      <path
        d={`M${targets} ${loopY}H${jobs.left + 12}Q${jobs.left} ${loopY} ${jobs.left} ${loopY - 12}V${jobs.bottom + 4}`}
        stroke="var(--retry)" strokeOpacity={0.75} strokeWidth={2} strokeDasharray="5 4"
      />
      <path d={`M${jobs.left - 5} ${jobs.bottom + 11}L${jobs.left} ${jobs.bottom + 3}L${jobs.left + 5} ${jobs.bottom + 11}`} stroke="var(--retry)" strokeWidth={2} />
      <text x={jobs.left + 16} y={loopY - 8}>
        when due, decided again
      </text>
    </svg>
  );
}
