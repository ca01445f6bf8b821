import type { JSX } from 'preact';
import type { IconName } from './icon.js';
import { RadioGroup } from './radio-group.js';
import type { Theme } from './state/preferences.js';
import { useStore } from './store.js';
import { Tool } from './tool.js';

const THEMES: readonly { theme: Theme; icon: IconName; label: string }[] = [
  { theme: 'system', icon: 'system', label: 'as the system' },
  { theme: 'light', icon: 'sun', label: 'light' },
  { theme: 'dark', icon: 'moon', label: 'dark' },
];

/** Goes from one theme to the next: as the system, light, dark. */
export function ThemeTool(): JSX.Element {
  const { theme } = useStore().preferences;
  const at = THEMES.findIndex((each) => each.theme === theme.value);
  const next = THEMES[(at + 1) % THEMES.length]!;
  return (
    <Tool
      class="theme-tool"
      icon={THEMES[at]!.icon}
      label={`Theme: ${THEMES[at]!.label}. Change to ${next.label}`}
      onClick={() => (theme.value = next.theme)}
    />
  );
}

/** The same choice with all its words in sight. */
export function ThemeChoice(): JSX.Element {
  const { theme } = useStore().preferences;
  return (
    <RadioGroup
      label="Theme"
      look="segmented"
      value={theme.value}
      options={THEMES.map(({ theme: value, label }) => ({ value, content: label }))}
      onChoose={(next) => (theme.value = next)}
    />
  );
}
