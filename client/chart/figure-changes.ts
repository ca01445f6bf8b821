import type { Figure } from './figure-parts.js';

/** Where a figure is other than the one before most of the time; the axes move under the hand of a person, too. */
const RANGES = ['xaxis.range', 'yaxis.range'];
const TICKED = ['xaxis', 'yaxis'];
const TICKS = TICKED.flatMap((at) => [`${at}.tickvals`, `${at}.ticktext`]);
const MOVING = new Set(['range', 'tickvals', 'ticktext']);

/** Tells figures apart by everything but the ranges and the ticks of their axes. */
export const steadyPart = ({ data, layout }: Figure): string =>
  JSON.stringify([
    data,
    JSON.stringify(layout, (key, value: unknown) => (MOVING.has(key) ? undefined : value)),
  ]);

/** The ranges of the axes as an update of a layout, as copies: Plotly keeps what it is given. */
export const rangesOf = (figure: Figure): Record<string, unknown> => pick(figure, RANGES);

/** The ticks that are told one by one, likewise. */
export const ticksOf = (figure: Figure): Record<string, unknown> => pick(figure, TICKS);

function pick({ layout }: Figure, paths: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    paths.flatMap((path) => {
      let value: unknown = layout;
      for (const key of path.split('.'))
        value = (value as Record<string, unknown> | undefined)?.[key];
      return value === undefined ? [] : [[path, structuredClone(value)]];
    }),
  );
}
