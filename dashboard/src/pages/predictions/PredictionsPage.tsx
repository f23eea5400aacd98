import { useMemo } from "react";
import { link, navigate, usePlace } from "../../app/router";
import { Button } from "../../ui/Button";
import { PageHead } from "../../ui/PageHead";
import { DecisionDrawer } from "./DecisionDrawer";
import { FilterBar } from "./FilterBar";
import type { Filter } from "./filters";
import { filterOf } from "./filters";
import { LiveTable } from "./LiveTable";
import { OlderTable } from "./OlderTable";
import "./predictions.css";

/** Decisions as they are made, older ones, and each of them whole; the filters, the page and the decision are in the link. */
export function PredictionsPage() {
  const place = usePlace();
  const text = place.query.toString();
  const filter = useMemo(() => filterOf(new URLSearchParams(text)), [text]);
  const cursor = place.query.get("cursor");
  const decision = place.rest[0] ?? null;
  const isOlder = cursor !== null || filter.to !== undefined;
  const key = JSON.stringify(filter);

  function change(next: Filter) {
    navigate(link([place.page, ...place.rest], { ...next }), true);
  }

  return (
    <>
      <PageHead
        title="Predictions"
        about={isOlder ? "Decisions of the past, newest first; this list stays as it is" : "Decisions as they are made, newest first, and what becomes of them"}
      >
        {isOlder && (
          <Button icon="play" kind="primary" onClick={() => navigate(link("predictions", { ...filter, to: undefined }))}>
            Back to live
          </Button>
        )}
      </PageHead>
      <FilterBar filter={filter} onChange={change} />
      {isOlder ? <OlderTable key={key} filter={filter} cursor={cursor} selected={decision} /> : <LiveTable key={key} filter={filter} selected={decision} />}
      {decision !== null && (
        <DecisionDrawer key={decision} id={decision} onClose={() => navigate(link(place.page, place.query), true)} hrefOf={(id) => link(["predictions", id], place.query)} />
      )}
    </>
  );
}
