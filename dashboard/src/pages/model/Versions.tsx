import { useWhyNot } from "../../api/useStore";
import type { ModelSummary } from "../../api/types";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Empty } from "../../ui/Empty";
import { bytes, compact, dateTime, when } from "../../ui/format";
import { Table } from "../../ui/Table";
import { MetricCell } from "./Intervals";
import { ReportLink } from "./ReportLink";

interface VersionsProps {
  models: readonly ModelSummary[];
  onChoose: (version: string) => void;
  onPromote: (version: string) => void;
}

/** All versions, newest first; each can be compared, and promoted. */
export function Versions({ models, onChoose, onPromote }: VersionsProps) {
  const whyNot = useWhyNot("admin");
  return (
    <Card title="Versions" about="figures on each version's own test rows" isFlush>
      <Table
        caption="Versions of the model" rows={models} rowKey={(model) => model.version} empty={<Empty title="No version yet" />}
        columns={[
          {
            key: "version", head: "Version",
            cell: (model) => (
              <span className="row">
                <strong>{model.version}</strong>
                {model.aliases.map((alias) => (
                  <Badge key={alias} tone={alias === "champion" ? "good" : "info"}>
                    {alias}
                  </Badge>
                ))}
                {model.problem !== null && (
                  <Badge tone="bad" icon="warning" title={model.problem}>
                    broken
                  </Badge>
                )}
              </span>
            ),
          },
          { key: "created", head: "Created", isExtra: true, cell: (model) => <span title={dateTime(model.created_at)}>{when(model.created_at)}</span> },
          { key: "data", head: "Data", isExtra: true, cell: (model) => (model.data === null ? "–" : `${compact(model.data.rows)} rows, ${model.data.source}`) },
          { key: "log_loss", head: "Log loss, nats", isNumber: true, cell: (model) => <MetricCell metric={model.metrics["log_loss"]} /> },
          { key: "auc", head: "AUC", isNumber: true, isExtra: true, cell: (model) => <MetricCell metric={model.metrics["auc"]} /> },
          { key: "size", head: "Size", isNumber: true, isExtra: true, cell: (model) => bytes(model.bytes) },
          { key: "report", head: "Report", isExtra: true, cell: (model) => <ReportLink version={model.version}>open</ReportLink> },
          {
            key: "actions", head: "", label: "Actions",
            cell: (model) =>
              model.aliases.includes("champion") ? (
                ""
              ) : (
                <span className="row row-end">
                  <Button kind="quiet" onClick={() => onChoose(model.version)}>
                    Compare
                  </Button>
                  <Button kind="quiet" disabledBecause={whyNot} onClick={() => onPromote(model.version)}>
                    Promote…
                  </Button>
                </span>
              ),
          },
        ]}
      />
    </Card>
  );
}
