import type { PredictionDetail } from "../../api/types";
import { BreakerBadge } from "../../ui/Badge";
import { delay, fixed, number, percent, word } from "../../ui/format";
import { Table } from "../../ui/Table";
import type { BreakerState } from "../../api/types";

const breakerStates: readonly string[] = ["closed", "open", "half_open"];

/** What the decision went by beside the model: breakers, prices, budgets of each route it could take. */
export function Conditions({ decision }: { decision: PredictionDetail }) {
  const { conditions, job } = decision;
  if (conditions === null) return <p className="muted">Nothing was logged about them.</p>;
  const providers = job.providers.length > 0 ? job.providers : [job.provider];
  const priority = Object.entries(conditions.priority);
  return (
    <div className="stack">
      <Table
        caption="Routes as they were at the moment of the decision" rows={conditions.routes.map((route, index) => ({ ...route, provider: providers[index] ?? `route ${index + 1}` }))}
        rowKey={(route) => route.provider} rowClass={(route) => (route.provider === decision.provider ? "row-chosen" : "")}
        columns={[
          { key: "provider", head: "Route", cell: (route) => route.provider },
          {
            key: "breaker", head: "Breaker",
            cell: (route) => (breakerStates.includes(route.breaker) ? <BreakerBadge state={route.breaker as BreakerState} /> : word(route.breaker)),
          },
          { key: "admitted", head: "Let in", isNumber: true, cell: (route) => (route.admitted ? percent(route.admitted_share, 0) : `no, ${percent(route.admitted_share, 0)}`) },
          { key: "price", head: "Price, points", isNumber: true, cell: (route) => fixed(route.price, 2) },
          { key: "free", head: "Free", isNumber: true, isExtra: true, cell: (route) => (route.free_in_ms === 0 ? "now" : `in ${delay(route.free_in_ms)}`) },
          { key: "budget", head: "Retry budget", isExtra: true, cell: (route) => (route.retry_budget ? "left" : "used up") },
        ]}
      />
      <p className="muted small">
        Retry budget of all routes: {conditions.retry_budget ? "left" : "used up"}.
        {priority.map(([name, value]) => ` ${word(name)}: ${typeof value === "number" ? number(value) : String(value)}.`)}
      </p>
    </div>
  );
}
