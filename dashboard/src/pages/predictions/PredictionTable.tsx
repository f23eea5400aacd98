import type { FocusEvent, KeyboardEvent } from "react";
import { memo, useMemo, useRef } from "react";
import type { PredictionEntry } from "../../api/types";
import { link, navigate } from "../../app/router";
import { ActionBadge, OutcomeBadge, PriorityBadge } from "../../ui/Badge";
import { dateTime, delay, percent, when, word } from "../../ui/format";

interface PredictionTableProps {
  rows: readonly PredictionEntry[];
  selected: string | null;
  /** What the links keep: filters, page. */
  hrefQuery: Record<string, string | null | undefined>;
  /** Whether the reader points at the rows or moves through them. */
  onUse?: (isInUse: boolean) => void;
}

/**
 * Decisions, a row each. Rows are drawn once, and again only when their outcome comes.
 *
 * Rows are boxes of a fixed height that the browser lays out and paints by themselves, and only where they are seen: a table's own layout
 * measures all rows for each that comes. The roles say that it is a table all the same.
 */
export function PredictionTable({ rows, selected, hrefQuery, onUse }: PredictionTableProps) {
  const body = useRef<HTMLTableSectionElement>(null);
  const use = useRef({ isPointed: false, isFocused: false });
  const query = JSON.stringify(hrefQuery);
  const hrefOf = useMemo(() => {
    const parameters = JSON.parse(query) as Record<string, string | null | undefined>;
    return (id: string) => link(["predictions", id], parameters);
  }, [query]);

  function tell(part: Partial<typeof use.current>) {
    Object.assign(use.current, part);
    onUse?.(use.current.isPointed || use.current.isFocused);
  }

  function press(event: KeyboardEvent<HTMLTableSectionElement>) {
    const row = (event.target as Element).closest("tr");
    if (row === null || body.current === null) return;
    const list = [...body.current.children] as HTMLElement[];
    const index = list.indexOf(row as HTMLElement);
    const target = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: list.length - 1, PageDown: index + 10, PageUp: index - 10 }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    list[Math.max(0, Math.min(list.length - 1, target))]?.querySelector("a")?.focus();
  }

  // Beside times of another day than the newest stands their day; by the data's clock, which may be a simulated one.
  const today = rows.length === 0 ? 0 : new Date(rows[0]!.decided_at).setHours(0, 0, 0, 0);
  // The list is one stop of the tab key; arrow keys move on from there.
  const stop = rows.some((row) => row.decision_id === selected) ? selected : rows[0]?.decision_id;
  return (
    <div className="table-scroll">
      <table className="table predictions" role="table">
        <caption className="visually-hidden">Decisions, the newest first. Arrow keys move, Enter opens.</caption>
        <thead role="rowgroup">
          <tr role="row">
            <th scope="col" role="columnheader" className="c-time">Decided</th>
            <th scope="col" role="columnheader" className="c-what">Notification</th>
            <th scope="col" role="columnheader" className="c-where extra">To</th>
            <th scope="col" role="columnheader" className="c-action">Action</th>
            <th scope="col" role="columnheader" className="c-delay num extra">Delay</th>
            <th scope="col" role="columnheader" className="c-provider">Via</th>
            <th scope="col" role="columnheader" className="c-chance num" aria-label="P(success)">P<span className="wide">(success)</span></th>
            <th scope="col" role="columnheader" className="c-priority extra">Priority</th>
            <th scope="col" role="columnheader" className="c-reason extra">Reason</th>
            <th scope="col" role="columnheader" className="c-outcome">Outcome</th>
          </tr>
        </thead>
        <tbody
          ref={body} role="rowgroup" onKeyDown={press} onPointerEnter={(event) => event.pointerType === "mouse" && tell({ isPointed: true })}
          onPointerLeave={() => tell({ isPointed: false })} onFocus={() => tell({ isFocused: true })}
          onBlur={(event: FocusEvent<HTMLTableSectionElement>) =>
            !event.currentTarget.contains((event.nativeEvent as globalThis.FocusEvent).relatedTarget as Node | null) && tell({ isFocused: false })
          }
        >
          {rows.map((row) => (
            <Row key={row.decision_id} row={row} hrefOf={hrefOf} today={today} isSelected={row.decision_id === selected} isStop={row.decision_id === stop} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  row: PredictionEntry;
  hrefOf: (id: string) => string;
  today: number;
  isSelected: boolean;
  isStop: boolean;
}

const Row = memo(function Row({ row, hrefOf, today, isSelected, isStop }: RowProps) {
  const href = hrefOf(row.decision_id);
  return (
    <tr
      role="row" className="row-open" aria-selected={isSelected || undefined}
      onClick={(event) => {
        // The link does it by itself, in another tab too.
        if ((event.target as Element).closest("a") === null) navigate(href);
      }}
    >
      <td role="cell" className="c-time" title={dateTime(row.decided_at)}>
        <a href={href} tabIndex={isStop ? 0 : -1}>
          {when(row.decided_at, today)}
        </a>
      </td>
      <td role="cell" className="c-what">
        <span className="mono cut" title={row.notification_id}>
          {row.notification_id}
        </span>
        <small className="faint">
          {word(row.template)}
          {row.source !== "stream" && ` · ${row.source}`}
        </small>
      </td>
      <td role="cell" className="c-where extra">
        {word(row.channel)} <span className="muted">{row.country}</span>
      </td>
      <td role="cell" className="c-action">
        <ActionBadge action={row.action} />
      </td>
      <td role="cell" className="c-delay num extra">{row.action === "retry" ? delay(row.delay_ms) : ""}</td>
      <td role="cell" className="c-provider">
        <span className="cut" title={row.provider}>
          {row.provider}
        </span>
      </td>
      <td role="cell" className="c-chance num">
        {row.probability !== null && <span className="chance" style={{ width: `${row.probability * 100}%` }} aria-hidden />}
        {percent(row.probability, 0)}
      </td>
      <td role="cell" className="c-priority extra">
        <PriorityBadge priority={row.priority} />
      </td>
      <td role="cell" className="c-reason extra muted">
        <span className="cut">{word(row.reason)}</span>
      </td>
      <td role="cell" className="c-outcome">
        <OutcomeBadge outcome={row.outcome} />
        {row.outcome === "failed" && <small className="faint">{word(row.outcomes[row.outcomes.length - 1]?.status)}</small>}
      </td>
    </tr>
  );
});
