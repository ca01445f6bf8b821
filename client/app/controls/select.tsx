import type { JSX } from 'preact';

/** The browser's own dropdown for a few choices, each a value and its words. */
export function Select({
  id,
  value,
  options,
  onChoose,
}: {
  id: string;
  value: string;
  options: readonly (readonly [string, string])[];
  onChoose: (value: string) => void;
}): JSX.Element {
  return (
    <select
      id={id}
      class="field"
      value={value}
      onChange={(event) => onChoose(event.currentTarget.value)}
    >
      {options.map(([option, label]) => (
        <option key={option} value={option}>
          {label}
        </option>
      ))}
    </select>
  );
}
