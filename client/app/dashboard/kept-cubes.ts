import type { Cube } from '../../cube/read-cube.js';
import type { DecodedFrame } from '../../data/frame.js';

/** What a chart shows under a brush is made of its frame without one, and its cube. */
export interface ReadyCube {
  frame: DecodedFrame;
  cube: Cube;
}

/** The cubes of one brush, by chart. */
export interface BrushCubes {
  readonly ready: Map<string, ReadyCube>;
  /** Charts whose cubes are there, on their way, or known not to come. All others are to be asked for. */
  readonly asked: Set<string>;
}

/** Cubes of the brushes that were made last, for brushes to come. */
export interface KeptCubes {
  /** The cubes of a brush, by all that they depend on; it then counts as the last one. */
  use(key: string): BrushCubes;
  /** Gives up what is over the limit, but nothing of `made`, a brush that is being made. */
  trim(made?: BrushCubes): void;
  /** Gives up all. */
  clear(): void;
}

/** Gives up the cubes of brushes that were made longest ago, and of the last brush those that are the largest. */
export function keepCubes(maxBytes: number): KeptCubes {
  // A map lists its keys as they were put in.
  const kept = new Map<string, BrushCubes>();
  return {
    use(key) {
      const brush = kept.get(key) ?? { ready: new Map(), asked: new Set() };
      kept.delete(key);
      kept.set(key, brush);
      return brush;
    },
    trim(made) {
      let bytes = 0;
      for (const [key, { ready }] of kept) {
        bytes += key.length;
        for (const cube of ready.values()) bytes += bytesOf(cube);
      }
      const last = [...kept.values()].at(-1);
      for (const [key, brush] of kept) {
        if (bytes <= maxBytes) return;
        if (brush === made) continue;
        const sizes = [...brush.ready].map(([id, cube]) => ({ id, size: bytesOf(cube) }));
        for (const { id, size } of sizes.toSorted((a, b) => b.size - a.size)) {
          if (bytes <= maxBytes && brush === last) return;
          brush.ready.delete(id);
          brush.asked.delete(id);
          bytes -= size;
        }
        kept.delete(key);
        bytes -= key.length;
      }
    },
    clear: () => kept.clear(),
  };
}

// The arrays of a cube are views of the bytes that came. Tables over extremes take twice as much again.
const bytesOf = ({ cube, frame }: ReadyCube): number =>
  cube.counts.buffer.byteLength * (cube.extremes === null ? 1 : 3) + frame.byteLength;
