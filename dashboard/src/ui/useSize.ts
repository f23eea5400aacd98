import type { RefObject } from "react";
import { useLayoutEffect, useRef, useState } from "react";

/** The width that an element has, in px; 0 before it is known. */
export function useWidth<T extends Element>(): [RefObject<T>, number] {
  const element = useRef<T>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    if (element.current === null) return;
    const observer = new ResizeObserver(([entry]) => entry && setWidth(Math.floor(entry.contentRect.width)));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return [element, width];
}
