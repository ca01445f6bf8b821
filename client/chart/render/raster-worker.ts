/// The worker that draws the counts of all charts of a page where the graphics card does not: on the page's own thread a large
/// picture of many colors would hold up everything else for a fifth of a second.
import { shadedImage } from './cpu.js';
import type { Drawn, ToDraw } from './worker-raster.js';

const scope = globalThis as unknown as {
  addEventListener: (type: 'message', listener: (event: MessageEvent<ToDraw>) => void) => void;
  postMessage: (message: Drawn | 'ready', transfer?: Transferable[]) => void;
};

scope.addEventListener('message', ({ data: { id, grid, style } }) => void draw(id, grid, style));

async function draw(id: number, grid: ToDraw['grid'], style: ToDraw['style']): Promise<void> {
  const bitmap = await createImageBitmap(shadedImage(grid, style));
  const { counts, colors } = grid;
  const buffers = colors === undefined ? [counts.buffer] : [counts.buffer, colors.buffer];
  scope.postMessage({ id, grid, bitmap }, [bitmap, ...buffers]);
}

scope.postMessage('ready');
