import { useEffect, useState } from "react";
import { Button } from "./Button";

/** Copies a text and says so. */
export function CopyButton({ text, children }: { text: string; children: string }) {
  const [state, setState] = useState<"idle" | "done" | "failed">("idle");
  useEffect(() => {
    if (state === "idle") return;
    const timer = setTimeout(() => setState("idle"), 2000);
    return () => clearTimeout(timer);
  }, [state]);
  return (
    <Button
      icon={state === "done" ? "check" : "copy"}
      onClick={() => void copy(text).then((isDone) => setState(isDone ? "done" : "failed"))}
    >
      {state === "done" ? "Copied" : state === "failed" ? "Could not copy" : children}
    </Button>
  );
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Without TLS, and not on loopback, browsers have no clipboard for pages: the old way still works.
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "visually-hidden";
    document.body.append(area);
    area.select();
    const isDone = document.execCommand("copy");
    area.remove();
    return isDone;
  }
}
