import type { ChangeEvent, KeyboardEvent } from "react";
import { useEffect, useRef, useState } from "react";
import { request } from "../../api/client";
import { ApiProblem } from "../../api/problem";
import type { PredictionDetail, PredictionPage } from "../../api/types";
import { useWhyNot } from "../../api/useStore";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Field } from "../../ui/Field";
import { bytes, count } from "../../ui/format";
import { Notice } from "../../ui/Notice";
import { Segmented } from "../../ui/Segmented";
import { Select } from "../../ui/Select";
import { fieldNames, fieldOf, groups, messageFor } from "./fields";
import type { Fields, Payload } from "./payload";
import { largestFile, lineOf, pretty, shown, withField } from "./payload";
import { jobOf, samples } from "./samples";
import type { Explain } from "./TryPage";

interface JobEditorProps {
  text: string;
  payload: Payload;
  index: number;
  explain: Explain;
  isBusy: boolean;
  problem: ApiProblem | null;
  onText: (text: string) => void;
  onIndex: (index: number) => void;
  onExplain: (explain: Explain) => void;
  onAsk: () => void;
}

/** The job as a form and as JSON: both are the same text. */
export function JobEditor(props: JobEditorProps) {
  const { text, payload, index, problem, onText, onAsk } = props;
  const [view, setView] = useState<"form" | "json">("form");
  const [sample, setSample] = useState("0");
  const [fileProblem, setFileProblem] = useState<string | null>(null);
  const [isOver, setOver] = useState(false);
  const file = useRef<HTMLInputElement>(null);
  const form = useRef<HTMLDivElement>(null);
  const whyNotPredict = useWhyNot("predict");
  const whyNotRead = useWhyNot("read");
  const job = payload.jobs[Math.min(index, payload.jobs.length - 1)];
  const wrong = fieldOf(problem?.field ?? null);
  const wrongText = problem !== null && wrong !== null && fieldNames.has(wrong) ? messageFor(wrong, problem.detail) : null;
  const unknownFields = job === undefined ? [] : Object.keys(job).filter((name) => !fieldNames.has(name));

  // The field that is wrong comes into view, and the keyboard with it.
  useEffect(() => {
    if (wrongText !== null) form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [wrongText, wrong]);

  function setField(name: string, value: unknown) {
    if (job !== undefined) onText(pretty(withField(job, name, value)));
  }

  async function load(chosen: File) {
    setFileProblem(null);
    if (chosen.size > largestFile) {
      setFileProblem(`${chosen.name} has ${bytes(chosen.size)}: at most ${bytes(largestFile)} are taken.`);
      return;
    }
    props.onIndex(0);
    onText(await chosen.text());
    setSample("");
  }

  async function loadRecent() {
    setFileProblem(null);
    try {
      const page = await request<PredictionPage>("predictions?limit=1&action=dispatch&source=stream", { role: "read" });
      const found = page.predictions[0];
      if (found === undefined) {
        setFileProblem("The log has no dispatched job yet.");
        return;
      }
      const detail = await request<PredictionDetail>(`predictions/${encodeURIComponent(found.decision_id)}`, { role: "read" });
      onText(pretty(jobOf(detail, Date.now())));
      setSample("");
    } catch (error) {
      setFileProblem(error instanceof ApiProblem ? error.plainly : String(error));
    }
  }

  return (
    <Card
      title="Job" className={isOver ? "try-editor try-over" : "try-editor"}
      actions={
        <Segmented label="View" value={view} onChange={setView} options={[{ value: "form", label: "Form" }, { value: "json", label: "JSON" }]} />
      }
    >
      <div
        className="stack" ref={form}
        onKeyDown={(event: KeyboardEvent<HTMLDivElement>) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) onAsk();
        }}
        onDragOver={(event) => (event.preventDefault(), setOver(true))} onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          const dropped = event.dataTransfer.files[0];
          if (dropped !== undefined) void load(dropped);
        }}
      >
        <Field label="Start from">
          {(field) => (
            <Select
              {...field} value={sample}
              options={[...(sample === "" ? [{ value: "", label: "your own job" }] : []), ...samples.map(({ name }, at) => ({ value: String(at), label: name }))]}
              onChange={(value) => {
                setSample(value);
                const chosen = samples[Number(value)];
                if (value !== "" && chosen !== undefined) {
                  props.onIndex(0);
                  onText(pretty(chosen.make(Date.now())));
                }
              }}
            />
          )}
        </Field>
        <div className="row">
          <Button icon="upload" onClick={() => file.current?.click()}>
            Upload
          </Button>
          <Button icon="predictions" disabledBecause={whyNotRead} onClick={() => void loadRecent()}>
            A recent job
          </Button>
          <span className="faint">or drop a file: a job, a batch, a job a line</span>
          <input
            ref={file} className="visually-hidden" type="file" tabIndex={-1} aria-label="File with a job" accept=".json,.ndjson,.jsonl,.txt,application/json"
            onChange={(event: ChangeEvent<HTMLInputElement>) => {
              const chosen = event.target.files?.[0];
              if (chosen !== undefined) void load(chosen);
              event.target.value = "";
            }}
          />
        </div>
        {fileProblem !== null && <Notice tone="warn">{fileProblem}</Notice>}
        {payload.jobs.length > 1 && (
          <Field label={`${count(payload.jobs.length)} jobs: which one`}>
            {(field) => (
              <input
                {...field} className="input" type="number" min={1} max={payload.jobs.length} value={index + 1}
                onChange={(event) => props.onIndex(Math.max(0, Math.min(payload.jobs.length - 1, Number(event.target.value) - 1)))}
              />
            )}
          </Field>
        )}
        {view === "json" || job === undefined ? (
          <Field
            label="JSON"
            problem={payload.problem ?? (wrongText === null || wrong === null ? null : `${place(text, wrong)}${wrong}: ${wrongText}`)}
            hint="Members that Herald does not know are carried through untouched."
          >
            {(field) => (
              <textarea {...field} className="input try-json" spellCheck={false} value={text} onChange={(event) => (setSample(""), onText(event.target.value))} />
            )}
          </Field>
        ) : (
          <>
            {groups.map((group) => (
              <fieldset key={group.title} className="try-group">
                <legend>{group.title}</legend>
                <div className="try-fields">
                  {group.fields.map((entry) => (
                    <Field
                      key={entry.name} label={entry.label} hint={entry.hint} isOptional={entry.isOptional} problem={wrong === entry.name ? wrongText : null}
                      className={entry.isTime ? "try-time" : ""}
                    >
                      {(field) =>
                        entry.options !== undefined ? (
                          <Select {...field} value={shown(job[entry.name])} options={entry.options} onChange={(value) => setField(entry.name, value)} />
                        ) : (
                          <Text job={job} name={entry.name} props={field} read={entry.read} isTime={entry.isTime} onChange={(value) => setField(entry.name, value)} />
                        )
                      }
                    </Field>
                  ))}
                </div>
              </fieldset>
            ))}
            {unknownFields.length > 0 && <p className="faint">Carried through untouched: {unknownFields.join(", ")}</p>}
          </>
        )}
        <div className="row try-ask">
          <label className="row">
            <span className="muted">Explain</span>
            <Select
              value={props.explain} onChange={(value) => props.onExplain(value as Explain)}
              options={[{ value: "exact", label: "exactly (TreeSHAP)" }, { value: "path", label: "by path (fast)" }, { value: "none", label: "not at all" }]}
            />
          </label>
          <Button kind="primary" icon="try" isBusy={props.isBusy} disabledBecause={whyNotPredict ?? (job === undefined ? payload.problem : null)} onClick={onAsk}>
            Predict
          </Button>
        </div>
      </div>
    </Card>
  );
}

function place(text: string, field: string): string {
  const line = lineOf(text, field);
  return line === null ? "" : `Line ${line}, `;
}

/** A text that becomes a value when it is left, or Enter is pressed: a list or number that is half typed is not taken apart. */
function Text({ job, name, props, read, isTime, onChange }: {
  job: Fields;
  name: string;
  props: { id: string; "aria-invalid"?: boolean; "aria-describedby"?: string };
  read?: (text: string) => unknown;
  isTime?: boolean;
  onChange: (value: unknown) => void;
}) {
  const value = shown(job[name]);
  const [draft, setDraft] = useState(value);
  const [before, setBefore] = useState(value);
  if (value !== before) {
    setBefore(value);
    setDraft(value);
  }
  const commit = () => draft !== value && onChange(read === undefined ? draft : read(draft));
  return (
    <input
      {...props} className={isTime ? "input mono" : "input"} spellCheck={false} autoComplete="off" value={draft}
      onChange={(event) => {
        setDraft(event.target.value);
        // Texts are taken at once; what has to be read waits for the end.
        if (read === undefined) onChange(event.target.value);
      }}
      onBlur={commit} onKeyDown={(event) => event.key === "Enter" && commit()}
    />
  );
}
