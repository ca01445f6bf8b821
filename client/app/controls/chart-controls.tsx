import type { ComponentChildren, JSX } from 'preact';
import type { ColumnInfo } from '../../../protocol/column.js';
import { CALENDAR_UNITS, type CalendarUnit, type Mark } from '../../../protocol/query.js';
import { fitsX, fitsY, takesColor, takesSeveral, takesY, type Plot } from '../plot.js';
import { kindWord } from '../columns.js';
import { Icon } from '../icon.js';
import { RadioGroup, type RadioOption } from '../radio-group.js';
import { chooseMark, chooseX, chooseY, edit, swapAxes } from '../state/edit.js';
import { useStore } from '../store.js';

const MARK_CHOICES: readonly RadioOption<Mark>[] = (
  [
    ['scatter', 'Scatter', 'Every row as a point'],
    ['line', 'Line', 'Values along a time or a number'],
    ['histogram', 'Histogram', 'How the values of a column are spread'],
    ['bar', 'Bar', 'A count or an aggregate of each category'],
    ['heatmap', 'Heatmap', 'Rows counted in the cells of a grid'],
    ['value', 'Value', 'One number for all matching rows'],
    ['rows', 'Table', 'The rows themselves'],
  ] as const
).map(([value, label, title]) => ({
  value,
  title,
  content: (
    <>
      <Icon name={value} size={18} />
      {label}
    </>
  ),
}));

const AGGREGATES: readonly [string, string][] = [
  ['mean', 'Mean'],
  ['median', 'Median'],
  ['sum', 'Sum'],
  ['min', 'Least'],
  ['max', 'Greatest'],
  ['count', 'Count'],
  ['distinct', 'Different values'],
  ['p10', '10th percentile'],
  ['p90', '90th percentile'],
  ['p99', '99th percentile'],
];

/** What is drawn: the mark, the columns on its axes, and how rows are put together. */
export function ChartControls(): JSX.Element | null {
  const { plot, dataset, navigation, change } = useStore();
  const shown = plot.value;
  const columns = dataset.value?.columns;
  const view = navigation.view.value;
  if (!shown || !columns || !view) return null;
  const { mark } = shown;
  const yColumns = columns.filter((column) => fitsY(mark, column));
  return (
    <section class="group" aria-labelledby="chart-heading">
      <h2 id="chart-heading">Chart</h2>
      <RadioGroup
        label="Mark"
        look="marks"
        value={mark}
        options={MARK_CHOICES}
        onChoose={(next) => change((v, p) => chooseMark(v, p, next))}
      />
      {mark !== 'value' && mark !== 'rows' && (
        <Row label="X" for="x-column">
          <ColumnSelect
            id="x-column"
            columns={columns.filter((column) => fitsX(mark, column))}
            value={shown.x?.name}
            onChoose={(name) => name && change((v, p) => chooseX(v, p, name))}
          />
          {(mark === 'scatter' || mark === 'heatmap') && (
            <button
              type="button"
              class="button quiet icon"
              title="Swap x and y"
              aria-label="Swap x and y"
              onClick={() => change(swapAxes)}
            >
              <Icon name="swap" />
            </button>
          )}
        </Row>
      )}
      {takesY(mark) && (
        <YChoice
          plot={shown}
          columns={yColumns}
          onChoose={(y) => change((v, p) => chooseY(v, p, y))}
        />
      )}
      {takesColor(mark) && shown.y.length < 2 && (
        <Row label="Color" for="color-column">
          <ColumnSelect
            id="color-column"
            columns={columns.filter((column) => column.kind !== 'binary')}
            value={shown.color?.name}
            none="One color"
            onChoose={(name) => change((v) => edit(v, { color: name, top: undefined }))}
          />
        </Row>
      )}
      {shown.color && shown.color.kind !== 'number' && (
        <Row label="Keep" for="top">
          <Select
            id="top"
            value={String(shown.top ?? 9)}
            options={[5, 9, 15, 25, 50].map((top) => [String(top), `${top} most frequent`])}
            onChoose={(top) =>
              change((v) => edit(v, { top: top === '9' ? undefined : Number(top) }))
            }
          />
        </Row>
      )}
      {mark === 'value' && (
        <Row label="Of" for="of-column">
          <ColumnSelect
            id="of-column"
            columns={columns}
            value={shown.of?.name}
            none="Rows"
            onChoose={(of) => change((v) => edit(v, { of, agg: of && v.agg }))}
          />
        </Row>
      )}
      <AggregateChoice plot={shown} onChoose={(agg) => change((v) => edit(v, { agg }))} />
      <BinChoice plot={shown} />
      <Scales plot={shown} />
      {mark === 'line' &&
        shown.bin !== undefined &&
        shown.op === 'mean' &&
        shown.y.length === 1 &&
        !shown.color && (
          <Toggle
            label="Band of the middle 80 % (p10–p90)"
            checked={shown.band}
            onChange={(band) => change((v) => edit(v, { band: band ? undefined : false }))}
          />
        )}
    </section>
  );
}

function YChoice({
  plot,
  columns,
  onChoose,
}: {
  plot: Plot;
  columns: readonly ColumnInfo[];
  onChoose: (names: readonly string[]) => void;
}): JSX.Element {
  const names = plot.y.map((column) => column.name);
  const optional = plot.mark === 'bar';
  const more = takesSeveral(plot.mark) && names.length > 0 && !plot.color && names.length < 50;
  const rest = columns.filter((column) => !names.includes(column.name));
  return (
    <>
      {(names.length > 0 ? names : [undefined]).map((name, index) => (
        <Row
          key={index}
          label={index === 0 ? 'Y' : ''}
          for={index === 0 ? 'y-column' : `y-column-${index + 1}`}
        >
          <ColumnSelect
            id={index === 0 ? 'y-column' : `y-column-${index + 1}`}
            ariaLabel={index === 0 ? undefined : `Y ${index + 1}`}
            columns={columns.filter(
              (column) => column.name === name || !names.includes(column.name),
            )}
            value={name}
            none={optional && index === 0 && names.length < 2 ? 'Count of rows' : undefined}
            onChoose={(next) => {
              const kept = names.filter((_, at) => at !== index);
              if (next !== undefined) kept.splice(index, 0, next);
              onChoose(kept);
            }}
          />
          {names.length > 1 && (
            <button
              type="button"
              class="button quiet icon"
              aria-label={`Remove ${name}`}
              onClick={() => onChoose(names.filter((_, at) => at !== index))}
            >
              <Icon name="close" />
            </button>
          )}
        </Row>
      ))}
      {more && rest.length > 0 && (
        <Row label="">
          <button type="button" class="link" onClick={() => onChoose([...names, rest[0]!.name])}>
            Add another y
          </button>
        </Row>
      )}
    </>
  );
}

function AggregateChoice({
  plot,
  onChoose,
}: {
  plot: Plot;
  onChoose: (agg: string | undefined) => void;
}): JSX.Element | null {
  const { mark, bin, y, of } = plot;
  const measured = (mark === 'line' && bin !== undefined) || (mark === 'bar' && y.length > 0);
  if (!measured && !(mark === 'value' && of)) return null;
  const onNumber = mark !== 'value' || of?.kind === 'number';
  const value = plot.p === undefined ? plot.op : `p${Number((plot.p * 100).toFixed(6))}`;
  const options = AGGREGATES.filter(
    ([op]) =>
      onNumber ||
      op === 'count' ||
      op === 'distinct' ||
      ((op === 'min' || op === 'max') && of?.kind === 'time'),
  );
  const known = options.some(([op]) => op === value);
  return (
    <Row label="Aggregate" for="aggregate">
      <Select
        id="aggregate"
        value={value}
        options={known ? options : [...options, [value, value]]}
        onChoose={(agg) => onChoose(agg === 'mean' ? undefined : agg)}
      />
    </Row>
  );
}

function BinChoice({ plot }: { plot: Plot }): JSX.Element | null {
  const { change } = useStore();
  const { mark, x, bin } = plot;
  if (mark === 'line' && x?.kind === 'time') {
    const units =
      x.unit === 'day' ? CALENDAR_UNITS.slice(CALENDAR_UNITS.indexOf('day')) : CALENDAR_UNITS;
    return (
      <Row label="Per" for="bin">
        <Select
          id="bin"
          value={String(bin ?? 'none')}
          options={[
            ...units.map((unit): [string, string] => [unit, unit]),
            ['none', 'row (raw line)'],
          ]}
          onChoose={(unit) =>
            change((v) => edit(v, { bin: unit as CalendarUnit | 'none', band: undefined }))
          }
        />
      </Row>
    );
  }
  if (mark === 'line' && x) {
    return (
      <Row label="Per" for="bin">
        <NumberField
          id="bin"
          value={typeof bin === 'number' ? bin : undefined}
          placeholder="row (raw line)"
          onChoose={(width) => change((v) => edit(v, { bin: width }))}
        />
      </Row>
    );
  }
  if (mark !== 'histogram') return null;
  return (
    <Row label="Bins" for="bins">
      <NumberField
        id="bins"
        value={plot.bins}
        placeholder="fit the data"
        whole
        onChoose={(bins) => change((v) => edit(v, { bins }))}
      />
    </Row>
  );
}

function Scales({ plot }: { plot: Plot }): JSX.Element | null {
  const { change } = useStore();
  const { mark, x, y, scale } = plot;
  const onX =
    (mark === 'scatter' || mark === 'heatmap' || mark === 'histogram' || mark === 'line') &&
    x?.kind === 'number';
  const onY =
    ((mark === 'scatter' || mark === 'heatmap') && y[0]?.kind === 'number') ||
    mark === 'line' ||
    mark === 'bar' ||
    mark === 'histogram';
  if (!onX && !onY) return null;
  return (
    <Row label="Scale">
      <div class="toggles">
        {onX && (
          <Toggle
            label="Log x"
            checked={scale.x === 'log'}
            onChange={(log) =>
              change((v) => edit(v, { xScale: log ? 'log' : undefined, xDomain: undefined }))
            }
          />
        )}
        {onY && (
          <Toggle
            label="Log y"
            checked={scale.y === 'log'}
            onChange={(log) =>
              change((v) => edit(v, { yScale: log ? 'log' : undefined, yDomain: undefined }))
            }
          />
        )}
      </div>
    </Row>
  );
}

function Row({
  label,
  for: id,
  children,
}: {
  label: string;
  for?: string;
  children: ComponentChildren;
}): JSX.Element {
  return (
    <div class="control-row">
      {id === undefined ? (
        <span class="control-label">{label}</span>
      ) : (
        <label class="control-label" for={id}>
          {label}
        </label>
      )}
      {children}
    </div>
  );
}

function ColumnSelect({
  id,
  columns,
  value,
  none,
  ariaLabel,
  onChoose,
}: {
  id: string;
  columns: readonly ColumnInfo[];
  value: string | undefined;
  none?: string | undefined;
  ariaLabel?: string | undefined;
  onChoose: (name: string | undefined) => void;
}): JSX.Element {
  const index = columns.findIndex((column) => column.name === value);
  // Positions stand for names: a column may be named like the empty choice.
  return (
    <select
      id={id}
      class="field"
      aria-label={ariaLabel}
      value={String(index)}
      onChange={(event) => onChoose(columns[Number(event.currentTarget.value)]?.name)}
    >
      {(none !== undefined || index < 0) && <option value="-1">{none ?? 'Choose a column'}</option>}
      {columns.map((column, at) => (
        <option key={column.name} value={String(at)} title={`${kindWord(column)}, ${column.type}`}>
          {column.name === '' ? '(no name)' : column.name}
        </option>
      ))}
    </select>
  );
}

function Select({
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

function NumberField({
  id,
  value,
  placeholder,
  whole = false,
  onChoose,
}: {
  id: string;
  value: number | undefined;
  placeholder: string;
  whole?: boolean;
  onChoose: (value: number | undefined) => void;
}): JSX.Element {
  return (
    <input
      id={id}
      class="field"
      type="number"
      min={whole ? 1 : 0}
      max={whole ? 10_000 : undefined}
      step={whole ? 1 : 'any'}
      placeholder={placeholder}
      value={value ?? ''}
      onChange={(event) => {
        const input = event.currentTarget;
        const number = input.valueAsNumber;
        if (input.value === '') onChoose(undefined);
        else if (number > 0 && input.validity.valid) onChoose(number);
        else input.reportValidity();
      }}
    />
  );
}

/** A checkbox with its words. */
export function Toggle({
  label,
  checked,
  onChange,
}: {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}): JSX.Element {
  return (
    <label class="toggle">
      <input
        type="checkbox"
        checked={checked}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span>{label}</span>
    </label>
  );
}
