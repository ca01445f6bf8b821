import type { JSX } from 'preact';
import type { Plot } from '../../../protocol/view/plot.js';
import { fittingPalettes } from '../../../protocol/view/fitting-palettes.js';
import {
  DIVERGING,
  OPACITIES,
  SIZES,
  STROKES,
  type Palette,
  type Shade,
} from '../../../protocol/view/shading.js';
import { LINE_WIDTH } from '../../chart/mark-style.js';
import { edit } from '../state/edit.js';
import { useStore } from '../store.js';
import { NumberField } from './number-field.js';
import { Row } from './row.js';
import { Select } from './select.js';
import { Slider } from './slider.js';

/** What the sliders go through: further out an address alone goes. */
const SLIDER_SIZES = [SIZES[0], 10] as const;
const SLIDER_STROKES = [STROKES[0], 10] as const;

/** How the frame is painted that is there: nothing is asked when it changes, but for a line of rows. */
export function ShadingChoice({ plot }: { plot: Plot }): JSX.Element | null {
  const { mark, color, shading } = plot;
  const isLine = mark === 'line';
  const stroke = isLine && (
    <NumberChoice
      name="stroke"
      label="Line width"
      plot={plot}
      ends={SLIDER_STROKES}
      usual={LINE_WIDTH}
    />
  );
  // A difference has cells and a palette of its own.
  if (plot.against !== undefined) return <>{stroke}</>;
  const isScatter = mark === 'scatter';
  const isShaded = mark === 'heatmap' || (isScatter && color === undefined);
  const palettes = fittingPalettes(plot);
  return (
    <>
      {isScatter && <NumberChoice name="size" label="Size" plot={plot} ends={SLIDER_SIZES} />}
      {isScatter && shading.shade === undefined && (
        <NumberChoice name="opacity" label="Opacity" plot={plot} ends={OPACITIES} isLog />
      )}
      {stroke}
      {isShaded && <ShadeChoice plot={plot} />}
      {palettes.length > 0 && <PaletteChoice chosen={shading.palette} palettes={palettes} />}
      {shading.palette === DIVERGING && <MiddleChoice middle={shading.middle} />}
    </>
  );
}

/** A number of the view that says how marks look; what is usual never goes into the address. */
function NumberChoice({
  name,
  label,
  plot: { shading },
  usual,
  ...scale
}: {
  name: 'size' | 'opacity' | 'stroke';
  label: string;
  plot: Plot;
  ends: readonly [number, number];
  usual?: number;
  isLog?: boolean;
}): JSX.Element {
  const { change, drag } = useStore();
  return (
    <Row label={label} for={name}>
      <Slider
        id={name}
        label={label}
        value={shading[name]}
        {...(usual === undefined ? {} : { usual })}
        {...scale}
        onChoose={(chosen, isFinal) =>
          (isFinal ? change : drag)((v) =>
            edit(v, { [name]: chosen === usual ? undefined : chosen }),
          )
        }
      />
    </Row>
  );
}

function ShadeChoice({ plot: { mark, op, shading } }: { plot: Plot }): JSX.Element {
  const { change } = useStore();
  // What a heatmap does by itself; a scatter has its opacity.
  const usual = mark === 'scatter' ? '' : op === 'count' ? 'log' : 'linear';
  return (
    <Row label="Shade" for="shade">
      <Select
        id="shade"
        value={shading.shade ?? usual}
        options={[
          ...(mark === 'scatter' ? [['', 'By opacity'] as const] : []),
          ['linear', 'Colors, linear'],
          ['log', 'Colors, log'],
          ['equal', 'Colors, equalised'],
        ]}
        onChoose={(shade) =>
          change((v) => edit(v, { shade: shade === usual ? undefined : (shade as Shade) }))
        }
      />
    </Row>
  );
}

/** Which number has the middle color. */
function MiddleChoice({ middle }: { middle?: number | undefined }): JSX.Element {
  const { change } = useStore();
  return (
    <Row label="Middle" for="middle">
      <NumberField
        id="middle"
        value={middle}
        placeholder="zero, or halfway"
        signed
        onChoose={(next) => change((v) => edit(v, { middle: next }))}
      />
    </Row>
  );
}

const PALETTE_NAMES: Readonly<Record<Palette, string>> = {
  cividis: 'Cividis',
  magma: 'Magma',
  blues: 'Blues',
  diverging: 'Orange–blue',
  bright: 'Tol bright',
  muted: 'Tol muted',
};

function PaletteChoice({
  chosen = '' as const,
  palettes,
}: {
  chosen?: Palette | '' | undefined;
  palettes: readonly Palette[];
}): JSX.Element {
  const { change } = useStore();
  return (
    <Row label="Palette" for="palette">
      <Select
        id="palette"
        value={chosen}
        options={[
          ['', palettes.includes('magma') ? 'Viridis' : 'Okabe–Ito'],
          ...palettes.map((palette) => [palette, PALETTE_NAMES[palette]] as const),
        ]}
        onChoose={(palette) =>
          change((v) =>
            edit(v, { palette: (palette || undefined) as Palette | undefined, middle: undefined }),
          )
        }
      />
    </Row>
  );
}
