import type { ApiProblem } from "../../api/problem";

/** Why the registry refused a promotion that may be forced, without the hint how; null = it was something else, which force does not help. */
export function refusalOf(problem: ApiProblem | null): string | null {
  if (problem === null || problem.status !== 409) return null;
  // The last clause is for whoever speaks to the API: a broken artifact, or a version that decides already, has none.
  const parts = problem.detail.split(/;\s+/);
  const hint = parts.pop()!;
  if (parts.length === 0 || !/\bforce\b/.test(hint)) return null;
  return `${parts.join("; ")}.`;
}
