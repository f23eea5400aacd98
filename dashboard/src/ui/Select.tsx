import type { FieldControlProps } from "./Field";

interface SelectProps extends Partial<FieldControlProps> {
  value: string;
  options: readonly (string | { value: string; label: string })[];
  onChange: (value: string) => void;
  "aria-label"?: string;
}

export function Select({ value, options, onChange, ...rest }: SelectProps) {
  const entries = options.map((option) => (typeof option === "string" ? { value: option, label: option.replaceAll("_", " ") } : option));
  return (
    <select className="input select" value={value} onChange={(event) => onChange(event.target.value)} {...rest}>
      {entries.some((entry) => entry.value === value) ? null : <option value={value}>{value}</option>}
      {entries.map((entry) => (
        <option key={entry.value} value={entry.value}>
          {entry.label}
        </option>
      ))}
    </select>
  );
}
