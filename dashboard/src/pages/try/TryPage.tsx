import { useEffect, useRef, useState } from "react";
import { request, withQuery } from "../../api/client";
import { diagramsOf } from "../../api/diagrams";
import { usePoll } from "../../api/poll";
import { ApiProblem } from "../../api/problem";
import type { ModelDetail, Performance, Prediction } from "../../api/types";
import { Empty } from "../../ui/Empty";
import { PageHead } from "../../ui/PageHead";
import { ProblemNotice } from "../../ui/ProblemNotice";
import { Skeleton } from "../../ui/Skeleton";
import { Answer } from "./Answer";
import { fieldNames, fieldOf } from "./fields";
import { JobEditor } from "./JobEditor";
import { pretty, readPayload } from "./payload";
import { samples } from "./samples";
import "./try.css";

export type Explain = "exact" | "path" | "none";

interface Result {
  prediction: Prediction;
  /** What was sent. */
  sent: { path: string; body: string; channel: string };
  milliseconds: number;
}

/** Ask about one job, and see why the answer is what it is. */
export function TryPage() {
  const [text, setText] = useState(() => pretty(samples[0]!.make(Date.now())));
  const [index, setIndex] = useState(0);
  const [explain, setExplain] = useState<Explain>("exact");
  const [result, setResult] = useState<Result | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [isBusy, setBusy] = useState(false);
  const abort = useRef<AbortController | null>(null) as { current: AbortController | null };
  /** The text as it is now: a field that is left by the key or click that asks changes it in the same breath. */
  const latest = useRef<string>(text);
  const payload = readPayload(text);
  const performance_ = usePoll<Performance>("metrics", { every: 60_000 });
  const model = usePoll<ModelDetail>(result === null || result.prediction.model === "none" ? null : `models/${encodeURIComponent(result.prediction.model)}`);
  useEffect(() => () => abort.current?.abort(), []);

  function change(next: string) {
    latest.current = next;
    setText(next);
    setProblem(null);
  }

  async function ask() {
    const now = latest.current;
    const { jobs } = readPayload(now);
    const job = jobs[Math.min(index, jobs.length - 1)];
    if (job === undefined) return;
    abort.current?.abort();
    const own = new AbortController();
    abort.current = own;
    const path = withQuery("predict", { explain });
    // A text that is one job goes as it was typed: what the form does not know is carried along.
    const body = jobs.length === 1 && !/^\s*(\[|\{\s*"jobs")/.test(now) ? now.trim() : pretty(job);
    setBusy(true);
    setProblem(null);
    const began = performance.now();
    try {
      const prediction = await request<Prediction>(path, { method: "POST", body, signal: own.signal, role: "predict" });
      setResult({ prediction, sent: { path, body, channel: String(job["channel"]) }, milliseconds: performance.now() - began });
    } catch (error) {
      if (own.signal.aborted) return;
      setProblem(error instanceof ApiProblem ? error : new ApiProblem("malformed", 0, "The page failed", String(error)));
    } finally {
      if (!own.signal.aborted) setBusy(false);
    }
  }

  const test = model.data === null ? null : { ece: model.data.manifest.metrics["ece"], reliability: diagramsOf(model.data)?.reliability };
  const field = fieldOf(problem?.field ?? null);
  const isAtField = field !== null && fieldNames.has(field);
  return (
    <>
      <PageHead title="Try it" about="What Herald would do with a job, and why. The decision is logged (source api) and counts like any other; nothing is sent." />
      <div className="try">
        <JobEditor
          text={text} payload={payload} index={index} explain={explain} isBusy={isBusy} problem={problem} onText={change} onIndex={setIndex}
          onExplain={setExplain} onAsk={() => void ask()}
        />
        <div className="stack try-answer" aria-live="polite">
          {problem !== null && !isAtField && <ProblemNotice problem={problem} onRetry={problem.isPassing ? () => void ask() : undefined} />}
          {result !== null ? (
            <Answer
              prediction={result.prediction} sent={result.sent} milliseconds={result.milliseconds} performance={performance_.data}
              test={test} isOld={problem !== null || isBusy}
            />
          ) : isBusy ? (
            <Skeleton height={240} />
          ) : (
            problem === null && (
              <div className="card">
                <Empty title="No answer yet">Choose a sample, change what you like, and press Predict (Ctrl+Enter).</Empty>
              </div>
            )
          )}
        </div>
      </div>
    </>
  );
}
