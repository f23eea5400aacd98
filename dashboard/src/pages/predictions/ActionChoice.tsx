import { useState } from "react";
import type { PredictionDetail } from "../../api/types";
import { LineChart } from "../../charts/LineChart";
import { seriesColor, seriesDash } from "../../charts/palette";
import { Badge } from "../../ui/Badge";
import { delay, fixed, percent } from "../../ui/format";
import { Segmented } from "../../ui/Segmented";
import { Table } from "../../ui/Table";
import { curves, ranked } from "./attempts";

type Quantity = "utility" | "probability";

/** All actions that were considered: how good each looked over the delay, and the table with the chosen one. */
export function ActionChoice({ decision }: { decision: PredictionDetail }) {
  const { actions } = decision;
  const scored = actions.some((action) => action.probability !== null || action.utility !== null);
  const [quantity, setQuantity] = useState<Quantity>("utility");
  if (actions.length === 0) return <p className="muted">No action was considered: {decision.action === "give_up" ? "the job was given up before." : "the rules decided."}</p>;
  const chosen = actions.find((action) => action.chosen);
  const chosenValue = chosen?.[quantity] ?? null;
  const delays = [...new Set(actions.map((action) => action.delay_ms))].sort((one, other) => one - other);
  return (
    <div className="stack">
      {scored && delays.length > 1 && (
        <div>
          <Segmented
            label="What the curves show" value={quantity} onChange={setQuantity}
            options={[{ value: "utility", label: "Utility" }, { value: "probability", label: "P(success)" }]}
          />
          <LineChart
            label={`${quantity === "utility" ? "Utility in points" : "Probability of success"} over the delay, a line for each provider`} height={200}
            x="bent" bend={15_000} xTicks={delays} formatX={delay} describeX={(value) => (value === 0 ? "now" : `in ${delay(value)}`)}
            formatY={(value) => (quantity === "utility" ? fixed(value, 2) : percent(value, 0))}
            series={curves(actions).map((curve, index) => ({
              key: curve.provider, label: curve.provider, color: seriesColor(index), dash: seriesDash(index), marks: true,
              points: curve.actions.map((action) => ({ x: action.delay_ms, y: action[quantity] })),
            }))}
            chosen={chosen === undefined || chosenValue === null ? null : { x: chosen.delay_ms, y: chosenValue, label: "chosen" }}
          />
        </div>
      )}
      <div className="decision-actions">
        <Table
          caption="Actions that were considered" rows={ranked(actions)} rowKey={(action) => `${action.provider} ${action.delay_ms}`}
          rowClass={(action) => (action.chosen ? "row-chosen" : "")}
          columns={[
            { key: "provider", head: "Via", cell: (action) => action.provider },
            { key: "delay", head: "Delay", isNumber: true, cell: (action) => delay(action.delay_ms) },
            { key: "probability", head: "P(success)", isNumber: true, cell: (action) => percent(action.probability) },
            { key: "utility", head: "Utility, points", isNumber: true, cell: (action) => fixed(action.utility, 3) },
            { key: "propensity", head: "Propensity", isNumber: true, isExtra: true, cell: (action) => percent(action.propensity) },
            { key: "chosen", head: "", label: "Chosen", cell: (action) => (action.chosen ? <Badge tone="info" icon="check">chosen</Badge> : "") },
          ]}
        />
      </div>
    </div>
  );
}
