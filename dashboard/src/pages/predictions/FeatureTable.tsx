import { useState } from "react";
import { usePoll } from "../../api/poll";
import type { ModelDetail, PredictionDetail } from "../../api/types";
import { word } from "../../ui/format";
import { Table } from "../../ui/Table";
import { featureText, vocabularies } from "./features";

/** The features that the model saw: opened when asked for, for there are half a hundred. */
export function FeatureTable({ decision }: { decision: PredictionDetail }) {
  const [isOpen, setIsOpen] = useState(false);
  const [search, setSearch] = useState("");
  // The log holds categories as numbers: the words are in the manifest of the model that decided.
  const model = usePoll<ModelDetail>(isOpen && decision.model !== "" ? `models/${encodeURIComponent(decision.model)}` : null);
  const words = vocabularies(model.data?.manifest.schema);
  const wanted = search.trim().toLowerCase().replaceAll(" ", "_");
  const rows = (decision.features ?? []).filter((feature) => feature.name.includes(wanted));
  return (
    <details className="decision-section" onToggle={(event) => setIsOpen((event.currentTarget as HTMLDetailsElement).open)}>
      <summary>
        <h3>
          Features <span className="faint">{decision.features === null ? "not logged" : `${decision.features.length} that the model saw`}</span>
        </h3>
      </summary>
      {isOpen && decision.features !== null && (
        <div className="stack">
          <input
            className="input feature-search" type="search" placeholder="Find a feature" aria-label="Find a feature" value={search} onChange={(event) => setSearch(event.target.value)}
          />
          <Table
            caption="Features" rows={rows} rowKey={(feature) => feature.name} empty={<p className="muted">No feature has this in its name.</p>}
            columns={[
              { key: "name", head: "Feature", cell: (feature) => word(feature.name) },
              { key: "value", head: "Value", isNumber: true, cell: (feature) => featureText(feature, words) },
            ]}
          />
        </div>
      )}
    </details>
  );
}
