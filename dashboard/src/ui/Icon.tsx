/** Paths in a box of 16, drawn with a line of 1.5. */
const paths = {
  herald: "M3 3v10M13 3v10M3 8h3l1.500-3 2 6L11 8h2",
  overview: "M2.500 9.500h3v4h-3zM6.500 5.500h3v8h-3zM10.500 2.500h3v11h-3z",
  try: "M9 2 4 9h3.500L7 14l5-7H8.500z",
  predictions: "M2.500 4h11M2.500 8h11M2.500 12h7",
  model: "M8 2.500v3M8 5.500 4 9.500M8 5.500l4 4M4 9.500v4M12 9.500v4M2.500 13.500h3M10.500 13.500h3",
  queues: "M2.500 3.500h11v3h-11zM2.500 9.500h11v3h-11zM5 5h2M5 11h4",
  system: "M2.500 3.500h11v7h-11zM6 13.500h4M8 10.500v3",
  sun: "M8 5.500a2.500 2.500 0 1 1 0 5 2.500 2.500 0 0 1 0-5zM8 1.500v1.500M8 13v1.500M1.500 8H3M13 8h1.500M3.400 3.400l1 1M11.600 11.600l1 1M12.600 3.400l-1 1M4.400 11.600l-1 1",
  moon: "M13 9.500A5.500 5.500 0 1 1 6.500 3 4.500 4.500 0 0 0 13 9.500z",
  person: "M8 3a2.500 2.500 0 1 1 0 5 2.500 2.500 0 0 1 0-5zM3 13.500c.5-2.500 2.500-3.500 5-3.500s4.500 1 5 3.500",
  check: "M3 8.500 6.500 12 13 4.500",
  warning: "M8 2.500 14 13H2zM8 6.500v3M8 11.200v.3",
  cross: "M4 4l8 8M12 4l-8 8",
  info: "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zM8 7.500V11M8 5v.3",
  open: "M8 2.500a5.500 5.500 0 1 1 0 11 5.500 5.500 0 0 1 0-11zM4.200 11.800l7.600-7.600",
  half: "M8 2.500a5.500 5.500 0 1 1 0 11zM8 2.500a5.500 5.500 0 1 0 0 11z",
  arrow: "M3 8h10M9.500 4.500 13 8l-3.500 3.500",
  up: "M8 13V3M4.500 6.500 8 3l3.500 3.500",
  down: "M8 3v10M4.500 9.500 8 13l3.500-3.500",
  copy: "M5.500 5.500h8v8h-8zM10.500 5.500v-3h-8v8h3",
  upload: "M8 10.500v-8M5 5.500l3-3 3 3M2.500 10.500v3h11v-3",
  play: "M5 3.500v9l7-4.500z",
  pause: "M5 3.500v9M11 3.500v9",
  refresh: "M13 8a5 5 0 1 1-1.500-3.500M13 2.500v3h-3",
  close: "M4 4l8 8M12 4l-8 8",
  link: "M6.500 9.500l3-3M7 5l1.500-1.500a2.500 2.500 0 0 1 4 4L11 9M9 11l-1.500 1.500a2.500 2.500 0 0 1-4-4L5 7",
  chevron: "M6 4l4 4-4 4",
  loop: "M3.500 9.500A4.500 4.500 0 1 0 5 4.700M5 2v3h3",
} as const;

export type IconName = keyof typeof paths;

/** Decoration beside a text, or, with a label, a text of its own. */
export function Icon({ name, label }: { name: IconName; label?: string }) {
  return (
    <svg
      className="icon" viewBox="0 0 16 16" focusable="false" role={label === undefined ? undefined : "img"} aria-label={label}
      aria-hidden={label === undefined ? true : undefined}
    >
      <path d={paths[name]} />
    </svg>
  );
}
