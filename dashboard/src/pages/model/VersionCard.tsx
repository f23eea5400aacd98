import type { ReactNode } from "react";
import type { Polled } from "../../api/poll";
import type { ModelDetail, ModelSummary } from "../../api/types";
import { Badge } from "../../ui/Badge";
import { Card } from "../../ui/Card";
import { Empty } from "../../ui/Empty";
import { bytes, count, dateTime, day, fixed } from "../../ui/format";
import { Notice } from "../../ui/Notice";
import { Select } from "../../ui/Select";
import { ReportLink } from "./ReportLink";

interface VersionCardProps {
  role: "Champion" | "Challenger";
  model: ModelSummary | null;
  detail: Polled<ModelDetail>;
  versions?: readonly ModelSummary[];
  onChoose?: (version: string) => void;
  promote?: ReactNode;
}

/** Where a version comes from. */
export function VersionCard({ role, model, detail, versions, onChoose, promote }: VersionCardProps) {
  const isAlias = model?.aliases.includes(role === "Champion" ? "champion" : "challenger") ?? false;
  const training = detail.data?.manifest.training;
  const threshold = detail.data?.manifest.assessment?.["operating_threshold"];
  return (
    <Card
      title={role} about={role === "Champion" ? "decides now" : model !== null && !isAlias ? "chosen to compare; it is not the challenger" : "is compared with the champion"}
      actions={
        <>
          {onChoose !== undefined && versions !== undefined && versions.length > 0 && (
            <Select
              value={model?.version ?? ""} onChange={onChoose} aria-label="Version to compare with the champion"
              options={versions.map((one) => ({ value: one.version, label: `${one.version}${one.aliases.length > 0 ? ` (${one.aliases.join(", ")})` : ""}` }))}
            />
          )}
          {promote}
        </>
      }
    >
      {model === null ? (
        <Empty title={role === "Champion" ? "No champion" : "No challenger"}>
          {role === "Champion" ? "The rules decide until a version is promoted." : "A training run can register one, or a version can be chosen to compare."}
        </Empty>
      ) : (
        <div className="stack">
          <div className="row">
            <span className="version-name">{model.version}</span>
            {model.aliases.map((alias) => (
              <Badge key={alias} tone={alias === "champion" ? "good" : "info"} icon={alias === "champion" ? "check" : undefined}>
                {alias}
              </Badge>
            ))}
            <span className="version-report">
              <ReportLink version={model.version} />
            </span>
          </div>
          {model.problem !== null && <Notice tone="bad">{model.problem}</Notice>}
          <dl className="definition definition-pairs">
            <dt>Created</dt>
            <dd>{dateTime(model.created_at)}</dd>
            <dt>Parent</dt>
            <dd>{model.parent ?? "none"}</dd>
            <dt>Data</dt>
            <dd>
              {model.data === null ? "not told" : `${count(model.data.rows)} rows of ${model.data.source}, ${day(model.data.from)} to ${day(model.data.to)}`}
            </dd>
            <dt>Trees</dt>
            <dd>{typeof training?.["trees"] === "number" ? `${count(training["trees"])}, ${String(training["library"] ?? "")}` : "–"}</dd>
            <dt>Threshold</dt>
            <dd>{typeof threshold === "number" ? fixed(threshold, 3) : "–"}</dd>
            <dt>Artifact</dt>
            <dd>
              {bytes(model.bytes)}, in {model.places.join(" and ") || "no place"}
            </dd>
          </dl>
        </div>
      )}
    </Card>
  );
}
