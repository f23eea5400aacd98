import type { KeyboardEvent, ReactElement, ReactNode } from "react";
import { useRef } from "react";

export interface Column<R> {
  key: string;
  head: ReactNode;
  /** For screen readers, where the head is not a text. */
  label?: string;
  cell: (row: R) => ReactNode;
  /** Figures stand right, with digits of one width. */
  isNumber?: boolean;
  /** Left out in windows narrower than 720 px. */
  isExtra?: boolean;
  width?: string;
}

interface TableProps<R> {
  /** What the table is, for screen readers. */
  caption: string;
  columns: readonly Column<R>[];
  rows: readonly R[];
  rowKey: (row: R) => string;
  /** Rows can be opened by click, Enter and the arrow keys move between them. */
  onOpen?: (row: R) => void;
  selectedKey?: string | null;
  rowClass?: (row: R) => string;
  empty?: ReactNode;
}

/** A dense table. Rows that can be opened are one stop of the tab key; arrow keys, Home and End move from there. */
export function Table<R>({ caption, columns, rows, rowKey, onOpen, selectedKey = null, rowClass, empty }: TableProps<R>): ReactElement {
  const body = useRef<HTMLTableSectionElement>(null);

  function move(event: KeyboardEvent<HTMLTableRowElement>, row: R, index: number) {
    if (event.target !== event.currentTarget) return;
    const target = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      onOpen?.(row);
    } else if (target !== undefined) {
      event.preventDefault();
      (body.current?.children[Math.max(0, Math.min(rows.length - 1, target))] as HTMLElement | undefined)?.focus();
    }
  }

  if (rows.length === 0 && empty !== undefined) return <>{empty}</>;
  return (
    <div className="table-scroll" role="region" aria-label={caption} tabIndex={onOpen === undefined ? 0 : undefined}>
      <table className="table">
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.key} scope="col" className={classes(column)}
                style={column.width === undefined ? undefined : { width: column.width }}
              >
                {column.head}
                {column.label !== undefined && <span className="visually-hidden">{column.label}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {rows.map((row, index) => {
            const key = rowKey(row);
            return (
              <tr
                key={key} className={`${onOpen === undefined ? "" : "row-open"} ${rowClass?.(row) ?? ""}`}
                aria-selected={key === selectedKey || undefined} onClick={onOpen === undefined ? undefined : () => onOpen(row)}
                tabIndex={onOpen === undefined ? undefined : key === selectedKey || (selectedKey === null && index === 0) ? 0 : -1}
                onKeyDown={onOpen === undefined ? undefined : (event) => move(event, row, index)}
              >
                {columns.map((column) => (
                  <td key={column.key} className={classes(column)}>
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function classes<R>(column: Column<R>): string {
  return `${column.isNumber ? "num" : ""}${column.isExtra ? " extra" : ""}`;
}
