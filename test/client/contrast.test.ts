import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { withPalette } from '../../client/palettes.js';
import { DIVERGING, PALETTES, type Palette } from '../../protocol/view/shading.js';
import { DARK, LIGHT, rgbOf } from '../../client/theme.js';

const css = readFileSync(new URL('../../client/styles/tokens.css', import.meta.url), 'utf8');

/** The colors of one theme by their names: the last block that a selector opens. */
function tokens(selector: string): (name: string) => string {
  const block = css.slice(css.indexOf(selector));
  const colors = new Map(
    [...block.slice(0, block.indexOf('}')).matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(
      ([, name, color]) => [name!, color!],
    ),
  );
  return (name) => {
    const color = colors.get(name);
    if (color === undefined) throw new Error(`The block "${selector}" has no color "${name}".`);
    return color;
  };
}

/** WCAG 2.2: (lighter + 0.05) / (darker + 0.05) of the relative luminances. */
function contrast(one: string, other: string): number {
  const luminance = (hex: string): number => {
    const [r, g, b] = rgbOf(hex).map((channel) => {
      const share = channel / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  };
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high! + 0.05) / (low! + 0.05);
}

const paletteOf = (palette: Palette | undefined): { palette?: Palette } =>
  palette === undefined ? {} : { palette };

/** Words and the surfaces they stand on. */
const TEXTS: readonly [text: string, ...surfaces: string[]][] = [
  ['text', 'page', 'surface', 'sunken', 'raised', 'hover'],
  ['muted', 'page', 'surface', 'sunken', 'raised', 'hover'],
  ['accent', 'page', 'surface', 'sunken', 'raised'],
  ['on-accent', 'accent', 'accent-hover'],
  ['on-accent-soft', 'accent-soft'],
  ['danger', 'surface', 'danger-soft', 'page'],
  ['warn', 'warn-soft'],
];

for (const [name, selector, theme] of [
  ['light', "[data-theme='light'] {", LIGHT],
  ['dark', ":root[data-theme='dark'] {", DARK],
  ['dark, as the system', ":root:not([data-theme='light']) {", DARK],
] as const) {
  const color = tokens(selector);
  describe(`the theme ${name}`, () => {
    test('keeps words at 4.5:1 and the edges of fields at 3:1', () => {
      for (const [text, ...surfaces] of TEXTS) {
        for (const surface of surfaces) {
          const ratio = contrast(color(text), color(surface));
          expect(ratio, `${text} on ${surface}`).toBeGreaterThanOrEqual(4.5);
        }
      }
      expect(contrast(color('line-strong'), color('surface'))).toBeGreaterThanOrEqual(3);
    });

    test('has ramps whose lightness goes one way, and that stand out from the surface', () => {
      for (const palette of [undefined, ...PALETTES]) {
        if (palette === DIVERGING) continue;
        const { ramp, heat } = withPalette(theme, paletteOf(palette));
        // The tones of a scatter begin at the third one of areas.
        for (const tone of [...ramp, ...heat.slice(2)])
          expect(contrast(tone, theme.surface), `${palette} ${tone}`).toBeGreaterThan(1.5);
        for (const tones of [ramp, heat]) {
          const lightness = tones.map((tone) => contrast(tone, '#000000'));
          const sorted = lightness.toSorted((a, b) => a - b);
          expect([sorted, sorted.toReversed()], String(palette)).toContainEqual(lightness);
        }
      }
    });

    test('has a ramp with a middle, from which lightness goes one way to either end, and every row is seen', () => {
      const { ramp, heat } = withPalette(theme, { palette: DIVERGING });
      for (const tone of ramp) expect(contrast(tone, theme.surface), tone).toBeGreaterThan(3);
      for (const tones of [ramp, heat]) {
        const middle = (tones.length - 1) / 2;
        const away = tones.map((tone) => contrast(tone, theme.surface));
        for (const side of [away.slice(middle), away.slice(0, middle + 1).toReversed()]) {
          expect(side).toEqual(side.toSorted((a, b) => a - b));
          expect(new Set(side).size).toBe(middle + 1);
        }
      }
    });

    test('has the surfaces and texts of the charts', () => {
      expect(color('surface')).toBe(theme.surface);
      expect(color('text')).toBe(theme.text);
      expect(color('muted')).toBe(theme.muted);
      expect(contrast(theme.mark, theme.surface)).toBeGreaterThanOrEqual(4.5);
      const categories = [undefined, ...PALETTES].flatMap(
        (palette) => withPalette(theme, paletteOf(palette)).categories,
      );
      for (const each of [...categories, theme.other, theme.null]) {
        expect(contrast(each, theme.surface), each).toBeGreaterThanOrEqual(3);
      }
    });
  });
}
