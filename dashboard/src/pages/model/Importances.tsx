import { useState } from "react";
import { useParameter } from "../../app/router";
import { PairedBars } from "../../charts/PairedBars";
import { Button } from "../../ui/Button";
import { featureName, fixed, percent } from "../../ui/format";
import { Segmented } from "../../ui/Segmented";
import type { Drawn } from "./Diagrams";
import type { ImportanceKind } from "./importance";
import { importanceRows } from "./importance";

const shownFirst = 16;
const kinds: Record<ImportanceKind, { label: string; about: string; format: (value: number) => string }> = {
  contribution: { label: "Contribution", about: "by how much the log odds of an attempt move for it, on the average (mean |SHAP|)", format: (value) => fixed(value, 3) },
  gain: { label: "Gain", about: "share of what the trees gained by splitting on it", format: (value) => percent(value) },
};

/** What the models go by, feature by feature. */
export function Importances({ models }: { models: readonly Drawn[] }) {
  const [chosen, choose] = useParameter("importance", "contribution");
  const [isWhole, setIsWhole] = useState(false);
  const drawn = models.flatMap(({ version, diagrams }, place) => (diagrams === null || diagrams.importances.length === 0 ? [] : [{ version, place, list: diagrams.importances }]));
  if (drawn.length === 0) return null;
  const kind: ImportanceKind = chosen === "gain" ? "gain" : "contribution";
  const { about, format } = kinds[kind];
  const rows = importanceRows(drawn.map(({ list }) => list), kind);
  return (
    <figure>
      <figcaption>
        <h3>Importance of features, test period</h3>
        <span className="faint small">{about}</span>
        <Segmented label="Importance by" value={kind} onChange={choose} options={(["contribution", "gain"] as const).map((value) => ({ value, label: kinds[value].label }))} />
      </figcaption>
      <PairedBars
        label={`Importance of features for ${drawn.map(({ version }) => version).join(" and ")}: ${about}`} format={format} series={drawn.map(({ place }) => place)}
        bars={(isWhole ? rows : rows.slice(0, shownFirst)).map(({ feature, values }) => ({
          key: feature, label: <span title={feature}>{featureName(feature)}</span>, values,
        }))}
      />
      {rows.length > shownFirst && (
        <div className="importances-more">
          <Button kind="quiet" onClick={() => setIsWhole(!isWhole)}>
            {isWhole ? `The ${shownFirst} most important` : `All ${rows.length} features`}
          </Button>
        </div>
      )}
    </figure>
  );
}
