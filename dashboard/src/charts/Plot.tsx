import type { KeyboardEvent, PointerEvent, ReactNode } from "react";
import { useState } from "react";
import { useWidth } from "../ui/useSize";
import { nearest } from "./scale";

export interface PlotArea {
  left: number;
  right: number;
  top: number;
  bottom: number;
  width: number;
  height: number;
}

export interface PlotProps {
  /** What the picture shows, in a sentence. */
  label: string;
  height?: number;
  margin?: { left?: number; right?: number; top?: number; bottom?: number };
  /** Draws into the area; `cursor` is the place that is looked at. */
  draw: (area: PlotArea, cursor: number | null) => ReactNode;
  /** Pixels of the places that can be looked at, ascending. */
  stops?: (area: PlotArea) => number[];
  /** What is said of the place that is looked at. */
  tooltip?: (cursor: number) => ReactNode;
  onPick?: (cursor: number) => void;
}

/** The ground of a chart: as wide as there is room; a cursor by pointer or arrow keys, and what it says. */
export function Plot({ label, height = 180, margin = {}, draw, stops, tooltip, onPick }: PlotProps) {
  const [element, width] = useWidth<HTMLDivElement>();
  const [cursor, setCursor] = useState<number | null>(null);
  const { left = 44, right = 12, top = 8, bottom = 22 } = margin;
  const area: PlotArea = { left, right: Math.max(left + 1, width - right), top, bottom: height - bottom, width, height };
  const places = width > 0 && stops !== undefined ? stops(area) : [];
  const at = cursor !== null && cursor < places.length ? cursor : null;

  function point(event: PointerEvent<HTMLDivElement>) {
    if (places.length === 0) return;
    const box = event.currentTarget.getBoundingClientRect();
    setCursor(nearest(places, event.clientX - box.left));
  }

  function press(event: KeyboardEvent<HTMLDivElement>) {
    const from = at ?? (event.key === "ArrowLeft" ? places.length : -1);
    const target = { ArrowLeft: from - 1, ArrowRight: from + 1, Home: 0, End: places.length - 1 }[event.key];
    if (event.key === "Escape") setCursor(null);
    else if (event.key === "Enter" && at !== null) onPick?.(at);
    else if (target !== undefined) {
      event.preventDefault();
      setCursor(Math.max(0, Math.min(places.length - 1, target)));
    }
  }

  const isInteractive = stops !== undefined && tooltip !== undefined;
  return (
    <div
      ref={element} className="plot" style={{ height }} role={isInteractive ? "application" : "img"} aria-label={label}
      aria-roledescription={isInteractive ? "chart, arrow keys move through it" : undefined} tabIndex={isInteractive ? 0 : undefined}
      onPointerMove={isInteractive ? point : undefined} onPointerDown={isInteractive ? point : undefined}
      onPointerLeave={isInteractive ? () => setCursor(null) : undefined} onBlur={isInteractive ? () => setCursor(null) : undefined}
      onKeyDown={isInteractive ? press : undefined} onClick={onPick === undefined || at === null ? undefined : () => onPick(at)}
    >
      {width > 0 && (
        <svg width={width} height={height} aria-hidden>
          {draw(area, at)}
        </svg>
      )}
      {at !== null && tooltip !== undefined && (
        <div className={`tooltip${places[at]! > width / 2 ? " tooltip-left" : ""}`} style={{ left: places[at], top }} role="status">
          {tooltip(at)}
        </div>
      )}
    </div>
  );
}
