import { createChart, type ChartSpec } from '../../../client/chart/chart.js';
import { categoriesOf, decodeFrame, hasColumn, numbersOf } from '../../../client/data/frame.js';
import { themeOf } from '../../../client/theme.js';

/** Margins of our plot area, in CSS pixels; theirs has the same. */
const MARGIN = { l: 66, r: 18, t: 14, b: 56 };
/** As large as the nine pixels of our disc of radius 1.5. */
const MARKER_PX = 3.4;
const DOMAIN = { x: [-4, 4], y: [-4, 4] };

interface Plotly {
  newPlot(...args: unknown[]): Promise<{ on(name: string, run: () => void): void }>;
  react(...args: unknown[]): Promise<unknown>;
}

/** What the bench reaches through `page.evaluate`. Every figure is in milliseconds, until the pixels can be read and two frames are past. */
export interface RacePage {
  /** Fetches the bytes of a frame, to be drawn by either side. */
  load(name: string): Promise<void>;
  ours(name: string, more?: Partial<ChartSpec>): Promise<number>;
  theirs(name: string): Promise<number>;
  /** Times each move of the pointer from now on until the button is let go, into `panned`. */
  pan(side: 'ours' | 'theirs'): void;
  panned: number[];
  /** The low end of the x axis. */
  low(side: 'ours' | 'theirs'): number;
  hover(moves: number): number[];
  /** Which side takes the pointer. */
  front(side: 'ours' | 'theirs'): void;
  lasso(side: 'ours' | 'theirs'): Promise<void>;
  /** From the button let go until the selection is seen. */
  lassoMs(): Promise<number>;
  /** The mean difference of the opacities of both pictures, of 255. */
  difference(): number;
  /** How far the opacity of any pixel of ours is from that of its rows in double precision, of 255. */
  opacityOff(name: string, opacity: number): number;
}

const frames = new Map<string, Uint8Array>();
const [ours, theirs] = ['#ours', '#theirs'].map((id) => document.querySelector<HTMLElement>(id)!);
let answer: Uint8Array | undefined;
let snapshot = 0;
const panned: number[] = [];
let released: Promise<number> | undefined;

const chart = createChart(ours!, {
  theme: themeOf('light'),
  // While it is moved, no other frame comes: the old picture follows the axes.
  ask: () => (answer === undefined ? new Promise(() => {}) : Promise.resolve(decodeFrame(answer))),
  onSelect: () => {},
});
// The basic build, which our axes load, takes the name for itself: this is the one of before.
let rival: Plotly | undefined;
const plotly = (): Plotly => rival!;

// A timer may wait for four milliseconds, a message does not.
const { port1, port2 } = new MessageChannel();
const nextTask = async (): Promise<void> =>
  new Promise((resolve) => {
    port1.onmessage = () => resolve();
    port2.postMessage(null);
  });
const twoFrames = async (): Promise<void> =>
  new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
  });
const oursDone = async (): Promise<void> => {
  const canvas = ours!.querySelector<HTMLCanvasElement>('.halftone-marks')!;
  canvas.getContext('2d')!.getImageData(0, 0, 1, 1);
  await twoFrames();
};
const theirPixels = (width = 1, height = 1, x = 0, y = 0): Uint8Array => {
  const gl = theirs!
    .querySelector<HTMLCanvasElement>('canvas.gl-canvas-context')!
    .getContext('webgl')!;
  const pixels = new Uint8Array(width * height * 4);
  gl.readPixels(x, y, width, height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
  return pixels;
};
const theirsDone = async (): Promise<void> => {
  theirPixels();
  await twoFrames();
};

function traceOf(name: string): object {
  const frame = decodeFrame(frames.get(name)!);
  const columns = { x: numbersOf(frame, 'x'), y: numbersOf(frame, 'y') };
  if (frame.metadata.mark === 'line') {
    return { type: 'scattergl', mode: 'lines', ...columns, line: { width: 1.5 } };
  }
  const color = hasColumn(frame, 'color')
    ? { color: Array.from(categoriesOf(frame, 'color').codes), colorscale: 'Viridis' }
    : {};
  return {
    type: 'scattergl',
    mode: 'markers',
    ...columns,
    marker: { size: MARKER_PX, opacity: 0.2, ...color },
    hoverinfo: 'skip',
  };
}

const theirLayout = (domain: { x: number[]; y?: number[] }, dragmode = 'pan'): object => ({
  width: 924,
  height: 490,
  margin: { ...MARGIN, pad: 0 },
  xaxis: { range: [...domain.x] },
  yaxis: domain.y ? { range: [...domain.y] } : {},
  showlegend: false,
  hovermode: false,
  dragmode,
});

async function drawTheirs(trace: object, domain = DOMAIN, dragmode = 'pan'): Promise<void> {
  const layout = theirLayout(domain, dragmode);
  await plotly().react(theirs, [trace], layout, { plotGlPixelRatio: 1 });
}

const race: RacePage = {
  async load(name) {
    rival ??= (globalThis as unknown as { Plotly: Plotly }).Plotly;
    frames.set(name, new Uint8Array(await (await fetch(`frame-${name}`)).arrayBuffer()));
  },
  async ours(name, more = {}) {
    answer = frames.get(name);
    const { mark, domain } = decodeFrame(answer!).metadata;
    const query = { dataset: 'd', snapshot: String(++snapshot), mark, x: 'x', y: 'y' } as const;
    const colored = name.includes('color') ? { ...query, color: 'c' } : query;
    const style = { radius: 1.5, opacity: 0.2 };
    const startedAt = performance.now();
    chart.update({
      // Other shades are of the frame that is there.
      query: more.hidden || more.style ? { ...colored, snapshot: String(--snapshot) } : colored,
      domain: mark === 'line' ? { x: domain!.x! } : domain!,
      legend: false,
      style,
      ...more,
    });
    while (ours!.dataset['state'] !== 'exact') await nextTask();
    await oursDone();
    return performance.now() - startedAt;
  },
  async theirs(name) {
    const { domain } = decodeFrame(frames.get(name)!).metadata as unknown as {
      domain: typeof DOMAIN;
    };
    const config = { plotGlPixelRatio: 1 };
    await plotly().newPlot(
      theirs,
      [{ type: 'scattergl', x: [0], y: [0] }],
      theirLayout(domain),
      config,
    );
    await theirsDone();
    const startedAt = performance.now();
    await drawTheirs(traceOf(name), domain);
    await theirsDone();
    return performance.now() - startedAt;
  },
  pan(side) {
    answer = undefined;
    panned.length = 0;
    const onMove = (): void => {
      const startedAt = performance.now();
      // After every listener of the move has run.
      setTimeout(() => {
        const done = side === 'ours' ? oursDone() : theirsDone();
        void done.then(() => panned.push(performance.now() - startedAt));
      });
    };
    globalThis.addEventListener('mousemove', onMove, true);
    const stop = (): void => globalThis.removeEventListener('mousemove', onMove, true);
    globalThis.addEventListener('mouseup', stop, { once: true, capture: true });
  },
  panned,
  low(side) {
    const { layout } = (side === 'ours' ? ours!.firstElementChild : theirs) as unknown as {
      layout: { xaxis: { range: number[] } };
    };
    return layout.xaxis.range[0]!;
  },
  hover(moves) {
    const times: number[] = [];
    for (let i = 0; i < moves; i++) {
      const clientX = MARGIN.l + ((i * 7919) % 840);
      const clientY = MARGIN.t + ((i * 104_729) % 420);
      const move = new PointerEvent('pointermove', { clientX, clientY, bubbles: true });
      const startedAt = performance.now();
      ours!.dispatchEvent(move);
      times.push(performance.now() - startedAt);
    }
    return times;
  },
  front(side) {
    // What is hidden of an SVG still takes the pointer.
    for (const [host, isFront] of [
      [ours!, side === 'ours'],
      [theirs!, side === 'theirs'],
    ] as const) {
      Object.assign(
        host.style,
        isFront ? { visibility: '', zIndex: 1 } : { visibility: 'hidden', zIndex: 0 },
      );
    }
  },
  async lasso(side) {
    if (side === 'ours') chart.setTool('lasso');
    else await drawTheirs(traceOf('points'), DOMAIN, 'lasso');
    released = new Promise((resolve) => {
      const selected = new Promise<void>((done) => {
        if (side === 'ours') return done();
        const host = theirs as unknown as { once(name: string, run: () => void): void };
        host.once('plotly_selected', () => done());
        return undefined;
      });
      const onUp = async (): Promise<void> => {
        const startedAt = performance.now();
        await selected;
        await (side === 'ours' ? oursDone() : theirsDone());
        resolve(performance.now() - startedAt);
      };
      globalThis.addEventListener('mouseup', () => void onUp(), { once: true, capture: true });
      globalThis.addEventListener('pointerup', () => void onUp(), { once: true, capture: true });
    });
  },
  lassoMs: async () => released!,
  difference() {
    const canvas = ours!.querySelector<HTMLCanvasElement>('.halftone-marks')!;
    const { width, height } = canvas;
    const mine = canvas.getContext('2d')!.getImageData(0, 0, width, height).data;
    const other = theirPixels(width, height, MARGIN.l, MARGIN.b);
    let sum = 0;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const a = mine[(y * width + x) * 4 + 3]!;
        sum += Math.abs(a - other[((height - 1 - y) * width + x) * 4 + 3]!);
      }
    }
    return sum / (width * height);
  },
  opacityOff(name, opacity) {
    const canvas = ours!.querySelector<HTMLCanvasElement>('.halftone-marks')!;
    const { width, height } = canvas;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, width, height);
    const frame = decodeFrame(frames.get(name)!);
    const [x, y] = ['x', 'y'].map((side) => numbersOf(frame, side) as Float32Array);
    const [[x0, x1], [y0, y1]] = [DOMAIN.x, DOMAIN.y] as [[number, number], [number, number]];
    const rows = new Uint32Array(width * height);
    for (let i = 0; i < x!.length; i++) {
      const column = Math.min(Math.floor(((x![i]! - x0) * width) / (x1 - x0)), width - 1);
      const line = Math.min(Math.floor(((y![i]! - y0) * height) / (y1 - y0)), height - 1);
      rows[(height - 1 - line) * width + column]!++;
    }
    let worst = 0;
    for (let at = 0; at < rows.length; at++) {
      const [column, line] = [at % width, Math.floor(at / width)];
      let around = 0;
      for (let dy = Math.max(0, line - 1); dy <= Math.min(height - 1, line + 1); dy++) {
        for (let dx = Math.max(0, column - 1); dx <= Math.min(width - 1, column + 1); dx++) {
          around += rows[dy * width + dx]!;
        }
      }
      const off = Math.abs(data[at * 4 + 3]! - 255 * (1 - (1 - opacity) ** around));
      if (off > worst) worst = off;
    }
    return worst;
  },
};
Object.assign(globalThis, { race });
