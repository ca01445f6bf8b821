import type { DefaultContext, DrawCommand, Regl, Texture2D } from 'regl';
import { discRows } from './disc.js';
import type { Grid } from './grid.js';
import type { Raster, RasterStyle } from './raster.js';

interface Props {
  counts: Texture2D;
  colors: Texture2D;
  style: RasterStyle;
  size: [number, number];
  viewport: { x: 0; y: 0; width: number; height: number };
}

/** Two triangles are one too many: this one covers the whole picture. */
const TRIANGLE = [
  [-1, -1],
  [3, -1],
  [-1, 3],
];

const VERTEX = `
precision highp float;
attribute vec2 corner;
void main() { gl_Position = vec4(corner, 0, 1); }`;

/**
 * The raster of the graphics card: counts go up as a texture, a shader sums the disc around every pixel. Rejects
 * where there is no WebGL, or where the page forbids the code that regl makes. `onLost` is called when the
 * context is taken away: the raster is then of no use any more.
 */
export async function createGpuRaster(onLost: () => void): Promise<Raster> {
  const canvas = document.createElement('canvas');
  const gl = canvas.getContext('webgl', {
    alpha: true,
    antialias: false,
    depth: false,
    stencil: false,
    premultipliedAlpha: true,
    preserveDrawingBuffer: false,
    powerPreference: 'high-performance',
  });
  if (gl === null) throw new Error('This browser gives no WebGL context.');
  const precision = gl.getShaderPrecisionFormat(gl.FRAGMENT_SHADER, gl.HIGH_FLOAT);
  if (precision === null || precision.precision < 23) {
    throw new Error('The fragment shaders of this device cannot count beyond 2^16.');
  }
  const { default: createRegl } = await import('regl/dist/regl.unchecked.js');
  const regl = createRegl({ gl });
  const lost = new AbortController();
  canvas.addEventListener(
    'webglcontextlost',
    (event) => {
      event.preventDefault();
      onLost();
    },
    { once: true, signal: lost.signal },
  );

  const commands = new Map<string, DrawCommand<DefaultContext, Props>>();
  const counts = regl.texture();
  const colors = regl.texture();
  return {
    draw(grid, style) {
      const { width, height } = grid;
      // It only grows: charts of several sizes draw in turn, each into the lower left corner.
      if (canvas.width < width) canvas.width = width;
      if (canvas.height < height) canvas.height = height;
      regl.poll();
      upload(counts, grid, grid.counts);
      if (grid.colors !== undefined) upload(colors, grid, grid.colors);
      const isColored = grid.colors !== undefined;
      const key = `${style.radius} ${isColored}`;
      let command = commands.get(key);
      if (command === undefined) {
        command = compile(regl, style.radius, isColored);
        commands.set(key, command);
      }
      command({
        counts,
        colors,
        style,
        size: [width, height],
        viewport: { x: 0, y: 0, width, height },
      });
      return copyOf(canvas, grid);
    },
    destroy() {
      // A context that is given back is not lost.
      lost.abort();
      regl.destroy();
      // Gives the context back at once; browsers hand out a few only.
      gl.getExtension('WEBGL_lose_context')?.loseContext();
    },
  };
}

// What WebGL has drawn is gone after the task.
function copyOf(source: HTMLCanvasElement, { width, height }: Grid): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  canvas.getContext('2d')!.drawImage(source, 0, height - source.height);
  return canvas;
}

// A count goes up as its four bytes: that needs no extension and is exact below 2^24.
function upload(texture: Texture2D, { width, height }: Grid, values: Uint32Array): void {
  texture({
    width,
    height,
    data: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    format: 'rgba',
    type: 'uint8',
    min: 'nearest',
    mag: 'nearest',
    wrap: 'clamp',
  });
}

function compile(
  regl: Regl,
  radius: number,
  isColored: boolean,
): DrawCommand<DefaultContext, Props> {
  return regl<Record<string, unknown>, Record<string, unknown>, Props>({
    vert: VERTEX,
    frag: fragmentShader(radius, isColored),
    attributes: { corner: TRIANGLE },
    count: 3,
    viewport: regl.prop<Props, 'viewport'>('viewport'),
    depth: { enable: false },
    uniforms: {
      counts: regl.prop<Props, 'counts'>('counts'),
      colors: regl.prop<Props, 'colors'>('colors'),
      size: regl.prop<Props, 'size'>('size'),
      clear: (_context: DefaultContext, { style }: Props) =>
        style.opacity >= 1 ? -1e30 : Math.log1p(-style.opacity) / Math.LN2,
      plain: (_context: DefaultContext, { style }: Props) =>
        style.color.map((channel) => channel / 255),
    },
  });
}

/** The shader for discs of `radius`: its rows are written out, because loops need constant bounds. */
function fragmentShader(radius: number, isColored: boolean): string {
  const halves = discRows(radius);
  const rows: string[] = [];
  for (let dy = 1 - halves.length; dy < halves.length; dy++) {
    const half = halves[Math.abs(dy)]!;
    rows.push(`for (int dx = -${half}; dx <= ${half}; dx++) add(vec2(float(dx), ${dy}.0));`);
  }
  return `
precision highp float;
uniform sampler2D counts;
uniform sampler2D colors;
uniform vec2 size;
uniform float clear;
uniform vec3 plain;
float rows = 0.0;
vec3 color = vec3(0.0);
void add(vec2 offset) {
  vec2 cell = gl_FragCoord.xy + offset;
  if (any(lessThan(cell, vec2(0.0))) || any(greaterThan(cell, size))) return;
  vec2 at = cell / size;
  float count = dot(floor(texture2D(counts, at) * 255.0 + 0.5), vec4(1.0, 256.0, 65536.0, 16777216.0));
  rows += count;
  ${isColored ? 'color += count * texture2D(colors, at).rgb;' : ''}
}
void main() {
  ${rows.join('\n  ')}
  float opacity = 1.0 - exp2(rows * clear);
  vec3 shown = ${isColored ? 'color / max(rows, 1.0)' : 'plain'};
  gl_FragColor = vec4(shown * opacity, opacity);
}`;
}
