import { useId, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { ColumnInfo } from '../../../protocol/column.js';
import { valueOf } from '../../../protocol/view/query-filters.js';
import { instantOfWall, zoneOffset } from '../../../protocol/view/zone-clock.js';
import { millisOf, timeOf } from '../../../protocol/view/time.js';

/** A typed end, taken on Enter or when the field is left; the browser's own field for times. */
export function EndField({
  label,
  column,
  timeZone = 'UTC',
  text,
  placeholder,
  onChoose,
}: {
  label: string;
  column: ColumnInfo;
  /** Of the instants in the field. */
  timeZone?: string | undefined;
  text: string | undefined;
  placeholder: string;
  onChoose: (text: string | undefined) => void;
}): JSX.Element {
  const id = useId();
  // What is being typed stays, whatever comes to the page meanwhile.
  const [draft, setDraft] = useState<string>();
  const type =
    column.kind === 'time'
      ? column.unit === 'day'
        ? 'date'
        : 'datetime-local'
      : column.kind === 'clock'
        ? 'time'
        : 'text';
  const shown =
    text === undefined ? '' : column.kind === 'time' ? fieldTime(text, column, timeZone) : text;
  return (
    <input
      id={id}
      class="field"
      type={type}
      inputMode={type === 'text' ? 'decimal' : undefined}
      step={type === 'datetime-local' || type === 'time' ? 1 : undefined}
      aria-label={label}
      placeholder={type === 'text' ? placeholder : undefined}
      title={placeholder}
      value={draft ?? shown}
      onChange={(event) => {
        const field = event.currentTarget;
        const typed = field.value.trim();
        const value =
          typed === '' || column.kind !== 'time'
            ? typed
            : timeOf(instantOfWall(timeZone, millisOf(typed)), column);
        const valid = value === '' || valueOf(value, column) !== undefined;
        field.setAttribute('aria-invalid', String(!valid));
        field.setCustomValidity(valid ? '' : `“${typed}” is no ${column.kind}`);
        if (!valid) {
          field.reportValidity();
          return;
        }
        setDraft(undefined);
        onChoose(value === '' ? undefined : value);
      }}
      onInput={(event) => {
        event.currentTarget.setCustomValidity('');
        setDraft(event.currentTarget.value);
      }}
    />
  );
}

/** A time as the browser's fields hold it: on the wall of the zone that times are shown in. */
function fieldTime(text: string, column: ColumnInfo, timeZone: string): string {
  const millis = millisOf(text);
  if (Number.isNaN(millis)) return '';
  const iso = timeOf(millis + zoneOffset(timeZone, millis), { ...column, zoned: false });
  return column.unit === 'day' ? iso.slice(0, 10) : iso.slice(0, 19);
}
