import type { CubesAsk, CubeViewAsk, Engine, Frame } from '../engine/engine.js';
import type { Snapshot } from '../snapshots/manifest.js';

interface Waiting {
  view: CubeViewAsk;
  signal: AbortSignal;
  settle: (made: Promise<Frame>) => void;
}

/** The cubes of one request that nobody has made yet, all in one pass over the rows. */
export class CubePass {
  readonly #engine: Pick<Engine, 'cubes'>;
  readonly #snapshot: Snapshot;
  readonly #ask: Omit<CubesAsk, 'views'>;
  readonly #waiting: Waiting[] = [];

  constructor(engine: Pick<Engine, 'cubes'>, snapshot: Snapshot, ask: Omit<CubesAsk, 'views'>) {
    this.#engine = engine;
    this.#snapshot = snapshot;
    this.#ask = ask;
  }

  /** The cube of one view, once the pass has begun. The pass is withdrawn when all of its signals are. */
  add(view: CubeViewAsk, signal: AbortSignal): Promise<Frame> {
    return new Promise((settle) => this.#waiting.push({ view, signal, settle }));
  }

  /** Begins with what was added. */
  begin(): void {
    const waiting = this.#waiting.splice(0);
    if (waiting.length === 0) return;
    const controller = new AbortController();
    for (const { signal } of waiting) {
      signal.addEventListener('abort', () => {
        if (waiting.every((one) => one.signal.aborted)) controller.abort();
      });
    }
    const views = waiting.map(({ view }) => view);
    const cubes = this.#engine.cubes(this.#snapshot, { ...this.#ask, views }, controller.signal);
    for (const [i, { settle }] of waiting.entries()) settle(cubes[i]!);
  }
}
