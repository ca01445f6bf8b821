import type { JSX } from 'preact';
import { rampOver } from '../../chart/colors.js';
import { isolate, labelOf, toggleHidden } from '../../chart/hidden.js';
import { EndsText } from '../ends-text.js';
import { withFilter } from '../filters.js';
import { edit } from '../state/edit.js';
import { formatCount, formatNumber } from '../format.js';
import { useStore } from '../store.js';
import { withPalette } from '../../palettes.js';
import { categoryColor, rampGradient, themeOf } from '../../theme.js';

const ACTS =
  'Click to hide or show, double-click or Shift-click to show alone; Ctrl-click keeps only these rows, Alt-click leaves them out';

/**
 * The colors of the picture with the rows behind each; a click hides or shows one, a double click shows it alone, as Shift does, also by Enter; with Ctrl it
 * becomes a filter, with Alt its rows are left out.
 */
export function Legend(): JSX.Element | null {
  const { shown, plot, theme, navigation, change } = useStore();
  const palette = withPalette(themeOf(theme.value), plot.value?.shading);
  if (!plot.value) return null;
  if (plot.value.y.length > 1) return <SeriesLegend names={plot.value.y.map(({ name }) => name)} />;
  if (!plot.value.color) return null;
  const color = shown.value?.metadata.color;
  const bare = (
    <aside class="legend" aria-label={`Color: ${plot.value.color.name}`}>
      <h2>{plot.value.color.name}</h2>
    </aside>
  );
  // It has its room from the start: a picture that grows narrower when the colors are known is asked for twice.
  if (!color) return bare;
  if (color.kind === 'number') {
    if (color.min === null || color.max === null) return bare;
    const [low, high] = rampOver(palette, color.min, color.max);
    return (
      <aside class="legend" aria-label={`Color: ${color.column}`}>
        <h2>{color.column}</h2>
        <div class="ramp" style={{ background: rampGradient(palette) }} />
        <div class="ramp-ends">
          <span>{formatNumber(low)}</span>
          {palette.middle !== undefined && <span>{formatNumber((low + high) / 2)}</span>}
          <span>{formatNumber(high)}</span>
        </div>
      </aside>
    );
  }
  const { column, categories, others } = color;
  const hidden = navigation.view.value?.hide ?? [];
  return (
    <aside class="legend" aria-label={`Color: ${column}`}>
      <h2>{column}</h2>
      <ul>
        {categories.map(({ label, count, role }, index) => (
          <li key={`${role} ${label}`}>
            <button
              type="button"
              aria-pressed={!hidden.includes(labelOf({ label, role }))}
              title={`${nameOf(label, role, others)}\n${ACTS}`}
              onClick={(event) => {
                const value = labelOf({ label, role });
                const exclude = event.altKey ? ({ exclude: true } as const) : {};
                if (role !== 'other' && (event.altKey || event.ctrlKey || event.metaKey)) {
                  change((view) =>
                    withFilter(view, column, { op: 'in', column, values: [value], ...exclude }),
                  );
                  return;
                }
                const toggle = event.detail === 2 || event.shiftKey ? isolate : toggleHidden;
                change((view) => {
                  const hide = toggle(color, view.hide ?? [], value);
                  return edit(view, { hide: hide.length > 0 ? hide : undefined });
                });
              }}
            >
              <span class="swatch" style={{ background: categoryColor(palette, index, role) }} />
              <EndsText
                class={role === 'value' ? 'label' : 'label special'}
                text={nameOf(label, role, others)}
              />
              <span class="count">{formatCount(count)}</span>
            </button>
          </li>
        ))}
      </ul>
    </aside>
  );
}

const nameOf = (label: string, role: 'value' | 'null' | 'other', others: number): string =>
  role === 'null'
    ? '(null)'
    : role === 'other'
      ? `other (${formatCount(others)})`
      : label || '(empty)';

/** Several columns of one picture, in the order of the panel. */
function SeriesLegend({ names }: { names: readonly string[] }): JSX.Element {
  const { theme, plot } = useStore();
  const palette = withPalette(themeOf(theme.value), plot.value?.shading);
  return (
    <aside class="legend" aria-label="Color: column">
      <ul>
        {names.map((name, index) => (
          <li key={name} class="series" title={name}>
            <span class="swatch" style={{ background: categoryColor(palette, index, 'value') }} />
            <EndsText class="label" text={name} />
          </li>
        ))}
      </ul>
    </aside>
  );
}
