import type { Snapshot } from '../../server/snapshots/manifest.js';
import { matrixCells, placeOf, type MatrixCell } from './cells.js';
import { startProduct, storagesOf, type Product, type ProductOptions } from './product.js';
import { createOracleTable, type OracleTable } from './table.js';

/** A table with its twin in Halftone, and what can be asked of it. */
export interface Stage {
  table: OracleTable;
  product: Product;
  options: ProductOptions;
  snapshot: Snapshot;
  /** Every cell that means something here, with its place in the matrix. */
  cells: { cell: MatrixCell; place: string }[];
  close(): Promise<void>;
}

export async function openStage(
  rows: number,
  seed: number,
  options: ProductOptions,
): Promise<Stage> {
  const [table, product] = await Promise.all([
    createOracleTable(rows, seed),
    startProduct(options),
  ]);
  const snapshot = await product.load(table.path);
  const storages = storagesOf(snapshot);
  const cells = matrixCells(table).map((cell) => ({
    cell,
    place: placeOf(storages.get(cell.column)!, cell),
  }));
  return {
    table,
    product,
    options,
    snapshot,
    cells,
    async close() {
      await product.close();
      await table.close();
    },
  };
}

/**
 * Deals `cases` cells out to the stages: each place of the matrix once, where it costs least (the stages are ordered by
 * size), then at random, by the share of each stage.
 */
export function dealCells(
  stages: readonly Stage[],
  shares: readonly number[],
  cases: number,
  random: () => number,
): MatrixCell[][] {
  const dealt = stages.map((): MatrixCell[] => []);
  const cellsOf = stages.map(({ cells }) => shuffled(cells, random));
  const filled = new Set<string>();
  let left = cases;
  // Tables of no row and of one are stored like no other: what they fill first is asked of a full table too.
  for (const [at, cells] of cellsOf.entries()) {
    for (const { cell, place } of cells) {
      if (left === 0 || filled.has(place) || shares[at] === 0) continue;
      filled.add(place);
      dealt[at]!.push(cell);
      left--;
    }
  }
  for (const [at, cells] of cellsOf.entries()) {
    const wanted = Math.round(left * shares[at]!);
    for (let i = 0; i < wanted; i++) {
      dealt[at]!.push(cells[Math.floor(random() * cells.length)]!.cell);
    }
  }
  return dealt;
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const k = Math.floor(random() * (i + 1));
    [order[i], order[k]] = [order[k]!, order[i]!];
  }
  return order;
}
