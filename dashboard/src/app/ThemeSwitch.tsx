import { useStore } from "../api/useStore";
import { Icon } from "../ui/Icon";
import type { Theme } from "./theme";
import { theme } from "./theme";

const choices: readonly { value: Theme; label: string; icon: "system" | "sun" | "moon" }[] = [
  { value: "system", label: "As the system", icon: "system" },
  { value: "light", label: "Light", icon: "sun" },
  { value: "dark", label: "Dark", icon: "moon" },
];

export function ThemeSwitch() {
  const current = useStore(theme);
  return (
    <div className="theme-switch" role="group" aria-label="Colours">
      {choices.map(({ value, label, icon }) => (
        <button key={value} aria-pressed={value === current} aria-label={label} title={label} onClick={() => theme.choose(value)}>
          <Icon name={icon} />
        </button>
      ))}
    </div>
  );
}
