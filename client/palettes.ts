import {
  DIVERGING,
  type CategoryPalette,
  type RampName,
  type Shading,
} from '../protocol/view/shading.js';
import type { Theme } from './theme.js';

type Tones = Pick<Theme, 'ramp' | 'heat'>;

// Each ramp is cut where it would sink into the surface, as viridis is. Lightness goes one way in all of them, so that they
// are read without colors too.
const TONES: Record<RampName, Record<Theme['name'], Tones>> = {
  cividis: {
    light: {
      ramp: words('#00224e #123570 #3b496c #575d6d #707173 #8a8678 #a59c74 #c3b369'),
      heat: words(
        '#f7f3d3 #e8dc94 #c3b369 #a59c74 #8a8678 #707173 #575d6d #3b496c #123570 #00224e',
      ),
    },
    dark: {
      ramp: words('#40568a #556290 #6a6f80 #7c7b78 #8a8678 #a59c74 #c3b369 #e1cc55 #fee838'),
      heat: words(
        '#222a3c #2b3a63 #3f4d72 #575d6d #707173 #8a8678 #a59c74 #c3b369 #e1cc55 #fee838',
      ),
    },
  },
  magma: {
    light: {
      ramp: words('#180f3d #440f76 #721f81 #9e2f7f #cd4071 #f1605d #fd9668'),
      heat: words('#fdf0d8 #feca8d #fd9668 #f1605d #cd4071 #9e2f7f #721f81 #440f76 #180f3d'),
    },
    dark: {
      ramp: words('#7a35a0 #a03a8f #cd4071 #f1605d #fd9668 #feca8d #fcfdbf'),
      heat: words('#2b2040 #4b2372 #721f81 #9e2f7f #cd4071 #f1605d #fd9668 #feca8d #fcfdbf'),
    },
  },
  blues: {
    light: {
      ramp: words('#7fb2da #5f9dcf #4387c0 #2c6fae #1b5797 #0f417c #082c5c'),
      heat: words('#eaf3fb #cbe0f2 #a3cae7 #7ab1da #5596ca #387bb7 #205f9f #114682 #082c5c'),
    },
    dark: {
      ramp: words('#33639e #3f7cbd #5595d6 #74aee6 #98c6f2 #bddcfa #e3f1ff'),
      heat: words('#20293a #243a5c #2b4f80 #3567a4 #4681c2 #639cd9 #8bb8ea #b8d5f6 #e6f2ff'),
    },
  },
};

// As the differences, but for the middle: a row of the middle has to be seen. Lightness goes one way from there to either end.
const DIVERGING_RAMPS: Record<Theme['name'], string[]> = {
  light: words('#8f3b00 #a4530d #a5703f #8b8d91 #5f86b3 #2f6fae #08457f'),
  dark: words('#ffc078 #f08c3a #b58a5e #7d7f87 #6d95bd #6fb0ea #a9d4ff'),
};

// Each tone is moved until it keeps a contrast of 3:1 to the surface.
const CATEGORIES: Record<CategoryPalette, Record<Theme['name'], string[]>> = {
  bright: {
    light: words('#4477aa #ed6173 #228833 #9e8f2b #169cc8 #aa3377'),
    dark: words('#4477aa #ee6677 #228833 #ccbb44 #66ccee #b6377f'),
  },
  muted: {
    light: words('#cc6677 #332288 #a28e28 #117733 #1e97d3 #882255 #409f8f #959532 #aa4499'),
    dark: words('#cc6677 #6a55d5 #ddcc77 #127b35 #88ccee #c13079 #44aa99 #999933 #aa4499'),
  },
};

/** The theme with the ramps or the categories of a palette; without one they are viridis, and those after Okabe and Ito. */
export function withPalette(
  theme: Theme,
  { palette, middle }: Pick<Shading, 'palette' | 'middle'> = {},
): Theme {
  if (palette === undefined) return theme;
  if (palette === DIVERGING)
    return {
      ...theme,
      ramp: DIVERGING_RAMPS[theme.name],
      heat: theme.diverging,
      middle: middle ?? null,
    };
  if (palette === 'bright' || palette === 'muted')
    return { ...theme, categories: CATEGORIES[palette][theme.name] };
  return { ...theme, ...TONES[palette][theme.name] };
}

function words(tones: string): string[] {
  return tones.split(' ');
}
