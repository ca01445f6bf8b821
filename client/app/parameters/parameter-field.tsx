import type { JSX } from 'preact';
import { parseParameter } from '../../../protocol/parameter-names.js';
import type { Parameter, ParameterValue } from '../../../protocol/parameters.js';
import { formatCount } from '../format.js';

/** The control of one parameter: a dropdown where its values are told, else what suits its type. */
export function ParameterField({
  id,
  parameter: { type, values },
  value,
  onChoose,
}: {
  id: string;
  parameter: Parameter;
  value: ParameterValue;
  onChoose: (value: ParameterValue) => void;
}): JSX.Element {
  const choices = values ?? (type === 'boolean' ? [true, false] : undefined);
  if (choices !== undefined) {
    return (
      <select
        id={id}
        class="field"
        value={String(value)}
        onChange={(event) => onChoose(choices[event.currentTarget.selectedIndex]!)}
      >
        {choices.map((choice) => (
          <option key={String(choice)} value={String(choice)}>
            {wordsOf(choice)}
          </option>
        ))}
      </select>
    );
  }
  return (
    <input
      id={id}
      class="field"
      type={INPUTS[type]}
      step={type === 'integer' ? 1 : type === 'timestamp' ? 1 : 'any'}
      value={String(value)}
      onChange={(event) => {
        const input = event.currentTarget;
        const next = parseParameter(type, input.value);
        if (next !== undefined) onChoose(next);
        else if (!input.reportValidity()) return;
        else input.value = String(value);
      }}
    />
  );
}

const INPUTS = {
  text: 'text',
  integer: 'number',
  number: 'number',
  boolean: 'checkbox',
  date: 'date',
  timestamp: 'datetime-local',
} as const;

const wordsOf = (value: ParameterValue): string =>
  typeof value === 'boolean'
    ? value
      ? 'yes'
      : 'no'
    : Number.isSafeInteger(value) && Math.abs(Number(value)) >= 10_000
      ? formatCount(Number(value))
      : String(value);
