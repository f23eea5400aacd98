/** Colours of lines and areas, from Okabe and Ito's palette: CSS variables, so that they follow the theme. */
export const series = ["var(--s1)", "var(--s2)", "var(--s3)", "var(--s4)", "var(--s5)", "var(--s6)", "var(--s7)"] as const;

/** Beside the colour, lines differ by their dashes. */
export const dashes = ["", "6 3", "2 3", "8 3 2 3", "1 4", "10 4", "4 2"] as const;

export const actionColors = { dispatch: "var(--dispatch)", retry: "var(--retry)", give_up: "var(--give-up)" } as const;
export const priorityColors = { high: "var(--high)", normal: "var(--normal)", low: "var(--low)" } as const;

export function seriesColor(index: number): string {
  return series[index % series.length]!;
}

export function seriesDash(index: number): string {
  return dashes[index % dashes.length]!;
}
