import type { JSX } from 'preact';
import { Icon, type IconName } from './icon.js';

/** A button of the toolbar: a drawing, with its words as label and tooltip. */
export function Tool({
  icon,
  label,
  keys,
  disabled = false,
  class: extra = '',
  onClick,
}: {
  icon: IconName;
  label: string;
  keys?: string;
  disabled?: boolean;
  class?: string;
  onClick: (event: MouseEvent) => void;
}): JSX.Element {
  return (
    <button
      type="button"
      class={`button quiet icon ${extra}`}
      aria-label={label}
      title={keys ? `${label} (${keys})` : label}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
