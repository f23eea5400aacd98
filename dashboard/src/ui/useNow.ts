import { useEffect, useState } from "react";

/** The time, again each so many ms, for what says how long ago something was. */
export function useNow(every = 1000): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === "visible" && setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}
