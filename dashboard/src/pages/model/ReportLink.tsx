import { useState } from "react";
import { session } from "../../api/session";
import { useStore } from "../../api/useStore";

/** To training's report of a version. A link cannot send the token: with one the report is downloaded instead. */
export function ReportLink({ version, part, children = "Training report" }: { version: string; part?: string; children?: string }) {
  const { token } = useStore(session);
  const [problem, setProblem] = useState<string | null>(null);
  const path = `models/${encodeURIComponent(version)}/report`;
  if (token === null) {
    return (
      <a href={part === undefined ? path : `${path}#${part}`} target="_blank" rel="noreferrer">
        {children}
      </a>
    );
  }
  async function download() {
    try {
      const answer = await fetch(path, { headers: session.headers(), cache: "no-store" });
      if (!answer.ok) return setProblem(`The sidecar answered with ${answer.status}.`);
      const url = URL.createObjectURL(await answer.blob());
      const anchor = document.createElement("a");
      anchor.href = url;
      anchor.download = `report-${version}.html`;
      anchor.click();
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
      setProblem(null);
    } catch {
      setProblem("The sidecar does not answer.");
    }
  }
  return (
    <>
      <a href={path} download onClick={(event) => (event.preventDefault(), void download())}>
        {children} (download)
      </a>
      {problem !== null && <span role="alert"> {problem}</span>}
    </>
  );
}
