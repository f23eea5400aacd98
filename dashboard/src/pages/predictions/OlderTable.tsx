import { withQuery } from "../../api/client";
import { usePoll } from "../../api/poll";
import type { PredictionPage } from "../../api/types";
import { link, navigate } from "../../app/router";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { dateTime, plural } from "../../ui/format";
import type { Filter } from "./filters";
import { listParameters } from "./filters";
import { PredictionTable } from "./PredictionTable";

const pageSize = 100;
/** Where the pages before the one that is shown begin: the API pages forward only. Bounded; a link from elsewhere has none. */
const before = new Map<string, string | null>();
const placesKept = 200;

interface OlderTableProps {
  filter: Filter;
  cursor: string | null;
  selected: string | null;
}

/** A page of the past: it stays as it is while others are stored, and so does its link. */
export function OlderTable({ filter, cursor, selected }: OlderTableProps) {
  const page = usePoll<PredictionPage>(withQuery("predictions", listParameters(filter, pageSize, cursor)));
  const newer = cursor === null ? undefined : before.get(cursor);

  function goOlder(next: string) {
    before.set(next, cursor);
    for (const key of before.keys()) {
      if (before.size <= placesKept) break;
      before.delete(key);
    }
    go(next);
  }

  function go(to: string | null) {
    navigate(link("predictions", { ...filter, cursor: to }));
    window.scrollTo(0, 0);
  }

  return (
    <section className="card" aria-label="Older decisions">
      <Loaded from={page} height={480}>
        {({ predictions, next, searched_to }) => (
          <>
            {predictions.length === 0 ? (
              <Empty title={next === null ? "Nothing more that matches" : "Nothing found so far"}>
                {next !== null && `A search looks at a bounded part at a time; this one came to ${dateTime(searched_to)}. "Older" goes on from there.`}
              </Empty>
            ) : (
              <PredictionTable rows={predictions} selected={selected} hrefQuery={{ ...filter, cursor }} />
            )}
            <div className="paging">
              <span className="muted">
                {predictions.length > 0 &&
                  `${plural(predictions.length, "decision")}, ${dateTime(predictions[predictions.length - 1]!.decided_at)} to ${dateTime(predictions[0]!.decided_at)}`}
                {next === null && " · the end"}
              </span>
              {cursor !== null && (
                <Button icon="up" onClick={() => go(newer ?? null)}>
                  {newer === undefined ? "To the first page" : "Newer"}
                </Button>
              )}
              {next !== null && (
                <Button icon="down" onClick={() => goOlder(next)}>
                  Older
                </Button>
              )}
            </div>
          </>
        )}
      </Loaded>
    </section>
  );
}
