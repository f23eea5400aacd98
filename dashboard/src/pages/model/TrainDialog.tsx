import { useState } from "react";
import { useAction } from "../../api/useAction";
import { useWhyNot } from "../../api/useStore";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { Notice } from "../../ui/Notice";
import { Segmented } from "../../ui/Segmented";
import type { FormProblems, NumberField, TrainingForm } from "./training";
import { emptyForm, orderOf } from "./training";

const numbers: readonly [NumberField, string, string][] = [
  ["trees", "Trees at most", "600"], ["patience", "Patience, trees", "60"], ["max_depth", "Depth at most", "6"], ["eta", "Learning rate", "0.05"],
  ["seed", "Seed", "1"], ["resamples", "Resamples for intervals", "as training's"],
];

/** Orders a training run. */
export function TrainDialog({ onClose, onStarted }: { onClose: () => void; onStarted: (run: string) => void }) {
  const action = useAction<{ run: string }>("train");
  const whyNot = useWhyNot("train");
  const [form, setForm] = useState<TrainingForm>(emptyForm);
  const [problems, setProblems] = useState<FormProblems>({});
  const set = (part: Partial<TrainingForm>) => setForm({ ...form, ...part });
  const refused = action.problem?.field ?? null;
  const problemOf = (name: keyof FormProblems) => problems[name] ?? (refused === name ? action.problem!.plainly : null);

  function start() {
    const checked = orderOf(form);
    if ("problems" in checked) return setProblems(checked.problems);
    setProblems({});
    void action.run("train", "POST", checked.order).then((done) => done !== null && onStarted(done.run));
  }

  const text = (name: "file" | "version" | "reason" | NumberField, label: string, hint?: string, placeholder?: string) => (
    <Field key={name} label={label} hint={hint} isOptional={name !== "file"} problem={problemOf(name) ?? (name === "file" ? problemOf("from") : null)}>
      {(control) => (
        <input
          {...control} className="input" value={form[name]} placeholder={placeholder} maxLength={name === "reason" ? 2000 : 512} spellCheck={false}
          onChange={(event) => set({ [name]: event.target.value })}
        />
      )}
    </Field>
  );
  const moment = (name: "since" | "until", label: string) => (
    <Field label={label} isOptional problem={problemOf(name)}>
      {(control) => <input {...control} className="input" type="datetime-local" step={1} value={form[name]} onChange={(event) => set({ [name]: event.target.value })} />}
    </Field>
  );
  return (
    <Dialog title="Train a model" onClose={onClose}>
      <form className="stack" onSubmit={(event) => (event.preventDefault(), whyNot === null && start())}>
        <p className="muted">A run takes a core of the sidecar's machine at low priority, minutes for a hundred thousand rows. One run at a time; nothing changes for scorers.</p>
        <Segmented
          label="Data" value={form.origin} onChange={(origin) => set({ origin })}
          options={[{ value: "mongodb", label: "Logged decisions" }, { value: "file", label: "CSV file" }]}
        />
        {form.origin === "mongodb" ? (
          <div className="form-grid">
            {moment("since", "Decisions from")}
            {moment("until", "Known until")}
          </div>
        ) : (
          text("file", "File", "Below the sidecar's data folder (http.data-folder).")
        )}
        <label className="check">
          <input type="checkbox" checked={form.isChallenger} onChange={(event) => set({ isChallenger: (event.target as HTMLInputElement).checked })} /> Register the version and make it the
          challenger
        </label>
        <div className="form-grid">
          {text("version", "Version", undefined, "from the time")}
          {text("reason", "Reason", undefined, "for the history")}
        </div>
        <details>
          <summary>Parameters</summary>
          <div className="form-grid">{numbers.map(([name, label, usual]) => text(name, label, undefined, usual))}</div>
        </details>
        {action.problem !== null && (refused === null || !(refused in form || refused === "from")) && <Notice tone="bad">{action.problem.plainly}</Notice>}
        <div className="row row-end">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" isBusy={action.isBusy} disabledBecause={whyNot}>
            Start training
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
