import type { ColorInfo } from '../protocol/frame.js';

/** What a chart is painted with; the style sheet of the shell uses the same surfaces and texts. */
export interface Theme {
  name: 'light' | 'dark';
  surface: string;
  text: string;
  muted: string;
  grid: string;
  axis: string;
  font: string;
  /** Marks without a color of their own. */
  mark: string;
  /** The colors of categories, most frequent first; further ones are made by `categoryColor`. */
  categories: readonly string[];
  other: string;
  null: string;
  /** Numbers from low to high, at equal steps. */
  ramp: readonly string[];
  /** The same for areas: low is near to the surface, so that little looks like little. */
  heat: readonly string[];
  /** Signed differences: less, as much, more; as much is near to the surface. Orange and blue are told apart by all. */
  diverging: readonly string[];
  /** Where `ramp` and `heat` have a middle: the number that stands there, or null for what suits the numbers. */
  middle?: number | null;
}

const FONT =
  "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif";

// The categories follow Okabe and Ito's palette for color-blind readers, each tone moved until it keeps a contrast
// of 3:1 on its surface (their yellow is lost on white, their blue on black). The ramps are viridis, cut where it
// would sink into the surface.
export const LIGHT: Theme = {
  name: 'light',
  surface: '#ffffff',
  text: '#1c1d1f',
  muted: '#5b5d62',
  grid: '#ececea',
  axis: '#b9b9b4',
  font: FONT,
  mark: '#2c54cf',
  categories: [
    '#0072b2',
    '#d55e00',
    '#00906a',
    '#b8558f',
    '#b87a00',
    '#3a97d3',
    '#7a4fb5',
    '#8c5a3c',
    '#5f8f1f',
  ],
  other: '#8d8f94',
  null: '#55565a',
  ramp: [
    '#440154',
    '#482475',
    '#414487',
    '#355f8d',
    '#2a788e',
    '#21918c',
    '#22a884',
    '#44bf70',
    '#7ad151',
    '#b5d82c',
  ],
  heat: [
    '#f0f5d8',
    '#cfe6ae',
    '#97d193',
    '#5bb98b',
    '#34998b',
    '#2a788e',
    '#355f8d',
    '#414487',
    '#472273',
    '#3a0d50',
  ],
  diverging: [
    '#8f3b00',
    '#c8640f',
    '#eda963',
    '#f7dfc0',
    '#efefec',
    '#c6dcf0',
    '#7fb3e0',
    '#2f7fc4',
    '#08457f',
  ],
};

export const DARK: Theme = {
  name: 'dark',
  surface: '#1a1b1e',
  text: '#ececee',
  muted: '#a6a8b0',
  grid: '#292a2f',
  axis: '#4b4d55',
  font: FONT,
  mark: '#8facff',
  categories: [
    '#56a8ea',
    '#f5874a',
    '#2fc79a',
    '#e79acb',
    '#f0b840',
    '#9bd3f7',
    '#b79af0',
    '#cfa184',
    '#a6cf5a',
  ],
  other: '#84868e',
  null: '#c9cad0',
  ramp: [
    '#5a3d8c',
    '#4c5a9b',
    '#3f73a0',
    '#328a9e',
    '#28a094',
    '#2fb47c',
    '#5ec962',
    '#95d840',
    '#cbe11e',
    '#fde725',
  ],
  heat: [
    '#26243f',
    '#33325f',
    '#3a4a7c',
    '#36658c',
    '#2b7f8e',
    '#269a89',
    '#43b57b',
    '#7fce58',
    '#bfdf35',
    '#fde725',
  ],
  diverging: [
    '#ffc078',
    '#f08c3a',
    '#a85a1c',
    '#5a3a22',
    '#2b2c31',
    '#223f5e',
    '#2c6ca6',
    '#56a3e6',
    '#a9d4ff',
  ],
};

/** The theme of that name. */
export const themeOf = (name: 'light' | 'dark'): Theme => (name === 'dark' ? DARK : LIGHT);

type Role = Extract<ColorInfo, { kind: 'category' }>['categories'][number]['role'];

/** The color of the category at `index` of the legend, as `#rrggbb`. */
export function categoryColor(theme: Theme, index: number, role: Role): string {
  if (role === 'other') return theme.other;
  if (role === 'null') return theme.null;
  const { categories } = theme;
  const listed = categories[index];
  if (listed !== undefined) return listed;
  // The golden angle keeps neighbours in the legend far apart however many there are.
  const hue = ((index - categories.length) * 137.508 + 20) % 360;
  const lightness = (theme.name === 'light' ? 38 : 66) + (index % 3) * 6;
  return hexOfHsl(hue, 62, lightness);
}

/** The color of `share`, 0 (low) to 1 (high), as `[red, green, blue]`, each 0 to 255. */
export function rampColor(ramp: readonly string[], share: number): [number, number, number] {
  const at = Math.min(Math.max(share, 0), 1) * (ramp.length - 1);
  const low = Math.min(Math.floor(at), ramp.length - 2);
  const from = rgbOf(ramp[low]!);
  const to = rgbOf(ramp[low + 1]!);
  const part = at - low;
  return [0, 1, 2].map((k) => Math.round(from[k]! + (to[k]! - from[k]!) * part)) as [
    number,
    number,
    number,
  ];
}

/** The ramp as a CSS gradient, low at the left. */
export const rampGradient = ({ ramp }: Theme): string =>
  `linear-gradient(90deg, ${ramp.join(', ')})`;

/** Red, green and blue of `#rrggbb`, each 0 to 255. */
export function rgbOf(hex: string): [number, number, number] {
  const number = Number.parseInt(hex.slice(1), 16);
  return [(number >> 16) & 255, (number >> 8) & 255, number & 255];
}

function hexOfHsl(hue: number, saturation: number, lightness: number): string {
  const spread = (saturation / 100) * Math.min(lightness / 100, 1 - lightness / 100);
  const channel = (n: number): string => {
    const k = (n + hue / 30) % 12;
    const value = lightness / 100 - spread * Math.max(-1, Math.min(k - 3, 9 - k, 1));
    return Math.round(value * 255)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${channel(0)}${channel(8)}${channel(4)}`;
}
