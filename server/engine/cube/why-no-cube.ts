import { CUBE_OPS } from '../../../protocol/cube.js';
import type { Query } from '../../../protocol/query.js';
import type { Snapshot } from '../../snapshots/manifest.js';

const ASK = 'ask for a frame with the brush as a filter';

/**
 * Why the marks of a view cannot be had as differences of sums, in a sentence for the one who asked; undefined where they
 * can. `isBox` says that the brush has two axes.
 */
export function whyNoCube(query: Query, isBox: boolean, snapshot: Snapshot): string | undefined {
  const reason = reasonOf(query, isBox) ?? unlikeSums(query, snapshot);
  return reason === undefined ? undefined : `${reason}: ${ASK}`;
}

function reasonOf(
  { mark, x, method, color, aggregate, against, band }: Query,
  isBox: boolean,
): string | undefined {
  if (against !== undefined) return 'a comparison has two sides, and a cube one';
  if (band !== undefined) return 'the quantiles of a band do not add up';
  switch (mark) {
    case 'rows':
      return 'a table shows rows and not sums of them';
    case 'scatter':
      if (method !== 'density') return 'points are rows and not sums of them; density adds up';
      return color === undefined ? undefined : 'a colored density does not add up';
    case 'line':
      if (typeof x !== 'object' || x.bin === undefined) {
        return 'a line through its rows does not add up; one over bins does';
      }
      break;
    case 'histogram':
      return undefined;
    default:
  }
  const { op } = aggregate ?? { op: 'count' };
  if (!(CUBE_OPS as readonly string[]).includes(op)) return `a ${NOUNS[op] ?? op} does not add up`;
  if (isBox && (op === 'min' || op === 'max')) return `a ${op} does not add up in two dimensions`;
  return undefined;
}

const NOUNS: Record<string, string> = { distinct: 'count of distinct values' };

// Sums of decimals are made of stored integers, which have one scale in a cube.
function unlikeSums({ y, aggregate }: Query, snapshot: Snapshot): string | undefined {
  const { op } = aggregate ?? { op: 'count' };
  if (!Array.isArray(y) || (op !== 'sum' && op !== 'mean')) return undefined;
  const digits = y.map((name) => {
    const logical = snapshot.manifest.columns.find(({ info }) => info.name === name)?.logical;
    return logical?.kind === 'decimal' ? logical.scale : 0;
  });
  return new Set(digits).size > 1
    ? 'decimals of different scales have no sums of one scale'
    : undefined;
}
