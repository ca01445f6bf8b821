import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { DatasetInfo } from '../../../protocol/dataset.js';
import { api, type CsvChoices } from '../state/api.js';
import { Failure } from './failure.js';
import '../../styles/start.css';

const FIELDS = [
  {
    name: 'delimiter',
    label: 'Separator',
    options: [
      [',', 'comma'],
      [';', 'semicolon'],
      ['\t', 'tab'],
      ['|', 'bar'],
    ],
  },
  {
    name: 'decimal',
    label: 'Decimals',
    options: [
      ['.', 'point'],
      [',', 'comma'],
    ],
  },
  {
    name: 'encoding',
    label: 'Encoding',
    options: [
      ['utf-8', 'UTF-8'],
      ['utf-16', 'UTF-16'],
      ['windows-1252', 'Windows-1252'],
    ],
  },
  {
    name: 'header',
    label: 'First line',
    options: [
      ['true', 'column names'],
      ['false', 'a row'],
    ],
  },
] as const;

const TYPES = ['text', 'bigint', 'double', 'boolean', 'date', 'timestamp'];

/** How to read a CSV where the guess was wrong; loads the dataset anew. */
export function CsvOptions({ dataset }: { dataset: DatasetInfo }): JSX.Element {
  const [chosen, setChosen] = useState<Record<string, string>>({});
  const [types, setTypes] = useState<Record<string, string>>({});
  const [error, setError] = useState<Error>();
  const submit = (event: Event): void => {
    event.preventDefault();
    const { header, ...signs } = chosen;
    const csv: CsvChoices = { ...signs };
    if (header !== undefined) csv.header = header === 'true';
    if (Object.keys(types).length > 0) csv.types = types;
    setError(undefined);
    api.reload(dataset.name, csv).catch(setError);
  };
  return (
    <details class="csv">
      <summary>Read it differently</summary>
      <form onSubmit={submit}>
        <div class="csv-fields">
          {FIELDS.map(({ name, label, options }) => (
            <label key={name}>
              <span>{label}</span>
              <select
                class="field"
                value={chosen[name] ?? ''}
                onChange={(event) => setChosen(withChoice(chosen, name, event.currentTarget.value))}
              >
                <option value="">detect</option>
                {options.map(([value, words]) => (
                  <option key={value} value={value}>
                    {words}
                  </option>
                ))}
              </select>
            </label>
          ))}
        </div>
        {dataset.columns.length > 0 && (
          <fieldset class="csv-types">
            <legend>Types</legend>
            {dataset.columns.map((column) => (
              <label key={column.name}>
                <span>{column.name}</span>
                <select
                  class="field"
                  value={types[column.name] ?? ''}
                  onChange={(event) =>
                    setTypes(withChoice(types, column.name, event.currentTarget.value))
                  }
                >
                  <option value="">{column.type.toLowerCase()}</option>
                  {TYPES.map((type) => (
                    <option key={type} value={type}>
                      {type}
                    </option>
                  ))}
                </select>
              </label>
            ))}
          </fieldset>
        )}
        <button type="submit" class="button">
          Load again
        </button>
        {error && <Failure error={error} />}
      </form>
    </details>
  );
}

/** The choices with one of them set, or left to detection again. */
function withChoice(
  choices: Record<string, string>,
  name: string,
  value: string,
): Record<string, string> {
  const { [name]: _, ...rest } = choices;
  return value === '' ? rest : { ...rest, [name]: value };
}
