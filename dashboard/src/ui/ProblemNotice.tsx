import type { ApiProblem } from "../api/problem";
import { Button } from "./Button";
import { Notice } from "./Notice";

/** What went wrong with a request, in plain words, and a way to try again. */
export function ProblemNotice({ problem, onRetry }: { problem: ApiProblem; onRetry?: () => void }) {
  return (
    <Notice
      tone={problem.status === 401 || problem.status === 403 ? "warn" : "bad"} title={`${problem.title}.`}
      action={onRetry === undefined ? undefined : <Button onClick={onRetry} icon="refresh">Try again</Button>}
    >
      {problem.plainly}
      {problem.requestID !== null && <span className="mono muted"> Request {problem.requestID}</span>}
    </Notice>
  );
}
