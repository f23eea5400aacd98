import { useState } from "react";
import { usePoll } from "../../api/poll";
import type { ModelSummary, Queues } from "../../api/types";
import { link, navigate, usePlace } from "../../app/router";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { word } from "../../ui/format";
import { Icon } from "../../ui/Icon";
import { Select } from "../../ui/Select";
import type { Filter, FilterName } from "./filters";
import { choices, searchTarget } from "./filters";

const primary: readonly FilterName[] = ["channel", "provider", "country", "action", "outcome"];
const further: readonly FilterName[] = ["template", "priority", "reason", "source", "model", "policy"];
const labels: Record<FilterName, string> = {
  channel: "Channel", provider: "Provider", country: "Country", action: "Action", outcome: "Outcome", template: "Template", priority: "Priority",
  reason: "Reason", source: "Source", model: "Model", policy: "Policy", notification_id: "Notification", job_id: "Job", from: "From", to: "Before",
};

interface FilterBarProps {
  filter: Filter;
  onChange: (filter: Filter) => void;
}

/** The filters, all of them in the link. */
export function FilterBar({ filter, onChange }: FilterBarProps) {
  const queues = usePoll<Queues>("queues?routes=1000", { every: 60_000 });
  const models = usePoll<{ models: ModelSummary[] }>("models?limit=50", { every: 60_000 });
  const [isOpen, setIsOpen] = useState(further.some((name) => filter[name] !== undefined) || filter.from !== undefined);
  const known: Partial<Record<FilterName, readonly string[]>> = {
    ...choices,
    provider: unique(queues.data?.routes.map((route) => route.provider)),
    country: unique([...(queues.data?.routes.map((route) => route.country) ?? []), ...(queues.data?.destinations.map((one) => one.country) ?? [])]),
    model: unique(models.data?.models.map((model) => model.version)),
    policy: ["utility", "rules"],
  };
  const set = (name: FilterName, value: string) => onChange({ ...filter, [name]: value === "" ? undefined : value });
  const active = (Object.keys(filter) as FilterName[]).filter((name) => filter[name] !== undefined);

  return (
    <section className="card filters" aria-label="Filters">
      <div className="filters-row">
        <Search />
        {primary.map((name) => (
          <Choice key={name} name={name} value={filter[name] ?? ""} options={known[name] ?? []} onChange={(value) => set(name, value)} />
        ))}
        <Button kind="quiet" isPressed={isOpen} onClick={() => setIsOpen(!isOpen)}>
          {isOpen ? "Fewer filters" : "More filters"}
        </Button>
      </div>
      {isOpen && (
        <div className="filters-row">
          {further.map((name) => (
            <Choice key={name} name={name} value={filter[name] ?? ""} options={known[name] ?? []} onChange={(value) => set(name, value)} />
          ))}
          <Moment name="from" value={filter.from} onChange={(value) => set("from", value)} />
          <Moment name="to" value={filter.to} onChange={(value) => set("to", value)} />
        </div>
      )}
      {active.length > 0 && (
        <ul className="chips" aria-label="Active filters">
          {active.map((name) => (
            <li key={name}>
              <button type="button" className="chip" onClick={() => set(name, "")} aria-label={`Remove the filter ${labels[name]}: ${filter[name]}`}>
                <span className="muted">{labels[name]}</span> {name === "from" || name === "to" ? local(filter[name]!).replace("T", " ") : word(filter[name])}
                <Icon name="cross" />
              </button>
            </li>
          ))}
          <li>
            <Button kind="quiet" onClick={() => onChange({})}>
              Clear all
            </Button>
          </li>
        </ul>
      )}
    </section>
  );
}

function Choice({ name, value, options, onChange }: { name: FilterName; value: string; options: readonly string[]; onChange: (value: string) => void }) {
  return (
    <Field label={labels[name]} className="filter">
      {(control) => (
        <Select
          {...control} value={value} onChange={onChange}
          options={[{ value: "", label: "all" }, ...options.map((option) => ({ value: option, label: name === "outcome" && option === "failed" ? "failed (any)" : word(option) }))]}
        />
      )}
    </Field>
  );
}

function Moment({ name, value, onChange }: { name: "from" | "to"; value: string | undefined; onChange: (value: string) => void }) {
  return (
    <Field label={labels[name]} className="filter filter-time">
      {(control) => (
        <input
          {...control} className="input" type="datetime-local" step={1} value={value === undefined ? "" : local(value)}
          onChange={(event) => {
            const moment = Date.parse(event.target.value);
            onChange(Number.isNaN(moment) ? "" : new Date(moment).toISOString());
          }}
        />
      )}
    </Field>
  );
}

/** Finds by id: a decision opens, a notification or a job becomes a filter. */
function Search() {
  const place = usePlace();
  const [text, setText] = useState("");
  return (
    <form
      className="filter-search" role="search"
      onSubmit={(event) => {
        event.preventDefault();
        const target = searchTarget(text);
        if (target === null) return;
        setText("");
        if ("decision" in target) navigate(link(["predictions", target.decision], place.query));
        else {
          const query = new URLSearchParams(place.query);
          query.delete("cursor");
          query.set(target.filter, target.value);
          navigate(link(place.page, query));
        }
      }}
    >
      <Field label="Find by id">
        {(control) => (
          <input
            {...control} className="input" type="search" value={text} placeholder="decision, notification or job" maxLength={128} autoComplete="off"
            spellCheck={false} onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
    </form>
  );
}

/** A moment as `datetime-local` wants it: in the reader's time zone, to the second. */
function local(moment: string): string {
  const value = new Date(moment);
  if (Number.isNaN(value.getTime())) return moment;
  return new Date(value.getTime() - value.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

function unique(values: readonly (string | null)[] | undefined): string[] {
  return [...new Set((values ?? []).filter((value): value is string => value !== null))].sort();
}
