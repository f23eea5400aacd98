import type { ReactElement, ReactNode } from "react";
import type { Polled } from "../api/poll";
import { Empty } from "./Empty";
import { ago } from "./format";
import { Notice } from "./Notice";
import { ProblemNotice } from "./ProblemNotice";
import { Skeleton } from "./Skeleton";

interface LoadedProps<T> {
  from: Polled<T> & { refresh?: () => void };
  children: (data: T) => ReactNode;
  /** Height of what will be there, px. */
  height?: number;
}

/** The states of something that is asked for: on its way, there, there but old, not to be had. */
export function Loaded<T>({ from, children, height = 120 }: LoadedProps<T>): ReactElement {
  if (from.data === null) {
    if (from.problem === null) return <Skeleton height={height} />;
    // The banner above the page says it for all that is missing.
    if (from.problem.status === 0) return <Empty title="Nothing has come yet">It comes as soon as the sidecar answers.</Empty>;
    return <ProblemNotice problem={from.problem} onRetry={from.refresh} />;
  }
  return (
    <>
      {from.problem !== null && from.problem.status !== 0 && (
        <Notice tone="warn" title={`As of ${ago(from.at)}.`}>
          {from.problem.plainly}
        </Notice>
      )}
      {children(from.data)}
    </>
  );
}
