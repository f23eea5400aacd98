import type { ApiProblem } from "../../api/problem";

/** Why the registry refused a promotion that may be forced, without the hint how; null = it was something else, which force does not help. */
export function refusalOf(problem: ApiProblem | null): string | null {
  // The field is what overrides it: a broken artifact, or a version that decides already, has none.
  if (problem === null || problem.status !== 409 || problem.field !== "force") return null;
  // The last clause is for whoever speaks to the API.
  return `${problem.detail.replace(/;[^;]*\bforce\b[^;]*$/, "")}.`;
}
