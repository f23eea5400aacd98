import type { DecisionSummary } from "../../api/types";
import { Sparkline } from "../../charts/Sparkline";
import { Icon } from "../../ui/Icon";
import { Skeleton } from "../../ui/Skeleton";
import { Stat } from "../../ui/Stat";
import type { Comparison } from "./comparison";
import { basis, figures } from "./comparison";

/** The five figures, against yesterday. */
export function FigureStrip({ summary, words }: { summary: DecisionSummary | null; words: string }) {
  const hasYesterday = summary === null || summary.day_before.decisions > 0;
  return (
    <section className="card figures" aria-label={`Figures of the ${words}`}>
      {summary === null
        ? [0, 1, 2, 3, 4].map((index) => (
            <div key={index} className="figure">
              <Skeleton height={84} />
            </div>
          ))
        : figures(summary, Date.now()).map((figure) => (
            <div key={figure.key} className="figure">
              <Stat
                label={figure.label} value={figure.value} about={figure.about} title={figure.meaning}
                change={hasYesterday ? <Change comparison={figure.comparison} /> : undefined}
              />
              {figure.key === "rate" && summary !== null && (
                <Sparkline values={summary.buckets.slice(0, -1).map((bucket) => bucket.decisions)} />
              )}
            </div>
          ))}
      {summary !== null && (
        <p className="figures-note">
          {words[0]!.toUpperCase() + words.slice(1)}. {basis(summary.period)}{" "}
          {hasYesterday ? "Compared with the same hours yesterday." : "Nothing to compare with: there were no decisions in the same hours yesterday."}
        </p>
      )}
    </section>
  );
}

function Change({ comparison: { direction, change, before } }: { comparison: Comparison }) {
  if (change === null) return <span className="faint">{before}</span>;
  return (
    <span className={`change change-${direction}`}>
      {direction === "better" && <Icon name="check" label="better" />}
      {direction === "worse" && <Icon name="warning" label="worse" />}
      <b>{change}</b> <span className="faint">{before}</span>
    </span>
  );
}
