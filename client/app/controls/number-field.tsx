import type { JSX } from 'preact';

/** A number, positive unless it may be `signed`, taken when the field is left; an empty field leaves it to the data. */
export function NumberField({
  id,
  value,
  placeholder,
  whole = false,
  signed = false,
  onChoose,
}: {
  id: string;
  value: number | undefined;
  placeholder: string;
  whole?: boolean;
  signed?: boolean;
  onChoose: (value: number | undefined) => void;
}): JSX.Element {
  return (
    <input
      id={id}
      class="field"
      type="number"
      min={signed ? undefined : whole ? 1 : 0}
      max={whole ? 10_000 : undefined}
      step={whole ? 1 : 'any'}
      placeholder={placeholder}
      value={value ?? ''}
      onChange={(event) => {
        const input = event.currentTarget;
        const number = input.valueAsNumber;
        if (input.value === '') onChoose(undefined);
        else if ((signed || number > 0) && input.validity.valid) onChoose(number);
        else input.reportValidity();
      }}
    />
  );
}
