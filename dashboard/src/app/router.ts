import { useCallback } from "react";
import { Store } from "../api/Store";
import { useStore } from "../api/useStore";

/** Where the page is: everything that can be shared by link is in the hash. */
export interface Place {
  /** First segment: the page; "" = the overview. */
  page: string;
  /** What follows it, such as a decision's id. */
  rest: string[];
  query: URLSearchParams;
}

/** Parses `#/predictions/0f3a?channel=sms`; whatever is wrong with it, there is a place. */
export function parsePlace(hash: string): Place {
  const text = hash.replace(/^#?\/?/, "");
  const mark = text.indexOf("?");
  const path = mark < 0 ? text : text.slice(0, mark);
  const [page = "", ...rest] = path.split("/").filter((part) => part !== "").map(decoded);
  return { page, rest, query: new URLSearchParams(mark < 0 ? "" : text.slice(mark + 1)) };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

type Parameters = Record<string, string | number | null | undefined> | URLSearchParams;

/** The link to a place: `link(["predictions", id], { channel: "sms" })`. Parameters without a value are left out. */
export function link(path: string | readonly string[], parameters: Parameters = {}): string {
  const parts = typeof path === "string" ? [path] : path;
  const query = new URLSearchParams();
  const entries = parameters instanceof URLSearchParams ? [...parameters.entries()] : Object.entries(parameters);
  for (const [name, value] of entries) if (value !== null && value !== undefined && value !== "") query.append(name, String(value));
  const text = query.toString();
  return `#/${parts.filter((part) => part !== "").map(encodeURIComponent).join("/")}${text === "" ? "" : `?${text}`}`;
}

class PlaceStore extends Store<Place> {
  constructor() {
    super(parsePlace(location.hash));
    window.addEventListener("hashchange", () => this.set(parsePlace(location.hash)));
  }

  go(target: string, isReplacing: boolean): void {
    if (isReplacing) history.replaceState(null, "", target);
    else history.pushState(null, "", target);
    this.set(parsePlace(location.hash));
  }
}

let store: PlaceStore | undefined;
function places(): PlaceStore {
  return (store ??= new PlaceStore());
}

export function usePlace(): Place {
  return useStore(places());
}

/** Goes to a link made by `link`; `isReplacing` leaves no entry in the history, as for filters that are being typed. */
export function navigate(target: string, isReplacing = false): void {
  places().go(target, isReplacing);
}

/** A parameter of the place, with its default ("" or the default is not written into the link), and how to set it. */
export function useParameter(name: string, initial = ""): [string, (value: string) => void] {
  const place = usePlace();
  const set = useCallback(
    (value: string) => {
      const current = places().state;
      const query = new URLSearchParams(current.query);
      if (value === "" || value === initial) query.delete(name);
      else query.set(name, value);
      navigate(link([current.page, ...current.rest], query), true);
    },
    [name, initial],
  );
  return [place.query.get(name) ?? initial, set];
}
