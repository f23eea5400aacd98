import { useEffect, useReducer, useRef, useState } from "react";
import { withQuery } from "../../api/client";
import type { LiveEvent, StreamState } from "../../api/events";
import { useEvents } from "../../api/events";
import { usePoll } from "../../api/poll";
import type { PredictionEntry, PredictionPage } from "../../api/types";
import { link, navigate } from "../../app/router";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { ago, count, plural, rate } from "../../ui/format";
import { Notice } from "../../ui/Notice";
import { ProblemNotice } from "../../ui/ProblemNotice";
import { Skeleton } from "../../ui/Skeleton";
import { useNow } from "../../ui/useNow";
import type { Filter } from "./filters";
import { eventFilter, listParameters, upTo } from "./filters";
import type { LiveRows } from "./liveRows";
import { noRows, release, rowsShown, shown, take, takePage } from "./liveRows";
import { PredictionTable } from "./PredictionTable";

/** Nobody reads a list that changes more often. */
const pace = { every: 40, portion: 10 };

type Change =
  | { kind: "events"; events: readonly LiveEvent[]; isHeld: boolean }
  | { kind: "page"; page: readonly PredictionEntry[]; isHeld: boolean }
  | { kind: "release" };

interface LiveTableProps {
  filter: Filter;
  selected: string | null;
}

/** The newest decisions, and those that come: they wait while the reader has paused the list, points at it or moves through it by keyboard. */
export function LiveTable({ filter, selected }: LiveTableProps) {
  const first = usePoll<PredictionPage>(withQuery("predictions", listParameters(filter, rowsShown, null)));
  const [state, change] = useReducer((before: LiveRows, what: Change) => reduce(before, what, filter), noRows);
  const [isPaused, setIsPaused] = useState(false);
  const [isInUse, setIsInUse] = useState(false);
  const isHeld = isPaused || isInUse;
  // A filter that the list refuses would be refused again and again by the stream.
  const isRefused = first.problem !== null && !first.problem.isPassing;
  const held = useRef(isHeld);
  held.current = isHeld;
  const stream = useEvents(eventFilter(filter), (events) => change({ kind: "events", events, isHeld: held.current }), { isOn: !isRefused, ...pace });

  useEffect(() => {
    if (first.data !== null) change({ kind: "page", page: first.data.predictions, isHeld });
    // eslint-disable-next-line: what is held now does not matter to a page that came before.
  }, [first.data]);
  useEffect(() => {
    if (!isHeld) change({ kind: "release" });
  }, [isHeld]);
  // What was decided between the list and the stream, or while the stream was away, or was dropped, is in neither: the list is asked again.
  const needsPage = stream.state === "live";
  useEffect(() => {
    if (needsPage) first.refresh();
  }, [needsPage, state.missing === 0]);

  const { rows, waiting } = shown(state, filter);
  const oldest = rows[rows.length - 1];
  const hasOlder = rows.length >= rowsShown || (first.data?.next ?? null) !== null;
  return (
    <section className="card" aria-label="Live decisions">
      <div className="live-bar">
        <Button icon={isPaused ? "play" : "pause"} isPressed={isPaused} onClick={() => setIsPaused(!isPaused)}>
          {isPaused ? "Resume" : "Pause"}
        </Button>
        <StreamLight state={stream.state} isHeld={isHeld} />
        <span className="live-waiting" role="status">
          {isHeld && waiting > 0 ? `${plural(waiting, "new decision")} ${waiting === 1 ? "waits" : "wait"}` : ""}
        </span>
        {isHeld && waiting > 0 && (
          <Button kind="quiet" icon="up" onClick={() => change({ kind: "release" })}>
            Show {waiting === 1 ? "it" : "them"}
          </Button>
        )}
        <Arrivals received={state.received} isOn={stream.state === "live"} />
      </div>
      {stream.problem !== null && stream.problem.status !== 0 && <ProblemNotice problem={stream.problem} />}
      {state.missing === null && <Notice tone="warn">Some decisions did not come through the stream. The list was asked for again.</Notice>}
      {first.problem !== null && (isRefused || first.data === null) ? (
        <div className="card-body">
          {first.problem.status === 0 ? <Empty title="Nothing has come yet">It comes as soon as the sidecar answers.</Empty> : <ProblemNotice problem={first.problem} onRetry={first.refresh} />}
        </div>
      ) : first.data === null && rows.length === 0 ? (
        <div className="card-body">
          <Skeleton lines={12} />
        </div>
      ) : rows.length === 0 ? (
        <Empty title="No decisions yet that match">
          {first.data?.next !== null && first.data?.searched_to !== null && first.data !== null
            ? `The search came back to ${ago(first.data.searched_to)} without finding one. `
            : "None is stored that matches. "}
          New ones appear here as they are made.
        </Empty>
      ) : (
        <PredictionTable rows={rows} selected={selected} hrefQuery={{ ...filter }} onUse={setIsInUse} />
      )}
      {(rows.length > 0 || hasOlder) && <div className="paging">
        <span className="muted">
          {rows.length > 0 && `The newest ${count(rows.length)}${rows.length >= rowsShown ? ", older ones make room" : ""}`}
        </span>
        {hasOlder && (
          <Button
            icon="down"
            onClick={() =>
              navigate(link("predictions", oldest === undefined ? { ...filter, cursor: first.data?.next } : { ...filter, to: upTo(oldest) }))
            }
          >
            Older
          </Button>
        )}
      </div>}
    </section>
  );
}

function reduce(state: LiveRows, change: Change, filter: Filter): LiveRows {
  if (change.kind === "events") return take(state, change.events, filter, change.isHeld);
  return change.kind === "page" ? takePage(state, change.page, filter, change.isHeld) : release(state, filter);
}

const words: Record<StreamState, string> = {
  connecting: "Connecting…", live: "Live", paused: "Not listening", lost: "Connection lost, trying again",
};

function StreamLight({ state, isHeld }: { state: StreamState; isHeld: boolean }) {
  return (
    <span className={`live-light live-${state}${isHeld ? " live-held" : ""}`} role="status">
      <i aria-hidden />
      {state === "live" && isHeld ? "Live, list held" : words[state]}
    </span>
  );
}

const rateSeconds = 10;

/** How many come, over the last ten seconds. */
function Arrivals({ received, isOn }: { received: number; isOn: boolean }) {
  const now = useNow(1000);
  const samples = useRef<{ at: number; received: number }[]>([]);
  const list = samples.current;
  if (list.length === 0 || now - list[list.length - 1]!.at >= 900) list.push({ at: now, received });
  while (list.length > 1 && now - list[0]!.at > rateSeconds * 1000 + 500) list.shift();
  const oldest = list[0]!;
  const seconds = (now - oldest.at) / 1000;
  if (!isOn || seconds < 2) return null;
  return (
    <span className="live-rate muted" title={`Decisions that match the filters, over the last ${Math.round(seconds)} s`}>
      {rate((list[list.length - 1]!.received - oldest.received) / seconds)} <span className="faint">last {Math.round(seconds)} s</span>
    </span>
  );
}
