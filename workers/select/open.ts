import { BLOCK_ROWS } from '../columns.js';
import { plainKernels } from '../kernels/plain.js';
import type { Scope } from '../scan/mark.js';
import type { Predicate } from '../scan/predicate.js';
import { columnOf } from '../scan/values.js';
import { openBytes } from './bytes.js';
import { openContains } from './contains.js';
import { dictionaryLut } from './dictionary.js';
import { openExactIn, openIn } from './in.js';
import { openPolygon } from './polygon.js';
import { andValid, type Select } from './select.js';

/** Makes a predicate ready to be run over blocks; `check` is called while long tables are built. */
export function openPredicate(predicate: Predicate, scope: Scope, check: () => void): Select {
  switch (predicate.test) {
    case 'constant':
      return predicate.value ? () => {} : (block, mask) => void mask.fill(0, 0, block.rows);
    case 'range':
      return openRange(predicate);
    case 'exact range':
      return openExactRange(predicate);
    case 'in':
      return openIn(predicate);
    case 'exact in':
      return openExactIn(predicate);
    case 'codes':
      return openCodes(predicate.column, predicate.lut, predicate.nulls, scope);
    case 'bytes':
      return columnOf(scope.table, predicate.column).dictionary === undefined
        ? openBytes(predicate, scope)
        : openCodes(
            predicate.column,
            dictionaryLut(scope.table, predicate, check),
            predicate.nulls,
            scope,
          );
    case 'contains':
      return columnOf(scope.table, predicate.column).dictionary === undefined
        ? openContains(predicate, scope)
        : openCodes(predicate.column, dictionaryLut(scope.table, predicate, check), false, scope);
    case 'null':
      return openNull(predicate.column);
    case 'polygon':
      return openPolygon(predicate);
    case 'not':
      return openNot(openPredicate(predicate.of, scope, check), scope);
    case 'all': {
      const parts = predicate.of.map((part) => openPredicate(part, scope, check));
      return (block, mask) => {
        for (const part of parts) part(block, mask);
      };
    }
    case 'any':
      return openAny(
        predicate.of.map((part) => openPredicate(part, scope, check)),
        scope,
      );
  }
}

function openRange({ column, form, low, high }: Predicate & { test: 'range' }): Select {
  return (block, mask) => {
    block.andRange(column, form, low, high, mask);
  };
}

function openExactRange({ column, form, low, high }: Predicate & { test: 'exact range' }): Select {
  if (form === 'i64') {
    return (block, mask) => {
      block.kernels.andRangeI64(block.i64(column), low, high, mask, block.rows);
      andValid(block, column, mask);
    };
  }
  return (block, mask) => {
    andValid(block, column, mask);
    for (let i = 0; i < block.rows; i++) {
      if (mask[i] === 0) continue;
      const value = block.wideAt(column, i);
      if (value < low || value > high) mask[i] = 0;
    }
  };
}

function openCodes(
  column: number,
  lut: Uint8Array<ArrayBuffer>,
  nulls: boolean,
  { arena, kernels }: Scope,
): Select {
  const ofNull = nulls ? 1 : 0;
  const fits = lut.length < arena.free / 4;
  const table = fits ? arena.u8(lut.length) : lut;
  if (fits) table.set(lut);
  const own = fits ? kernels : plainKernels;
  return (block, mask) => own.andCodes(block.codes(column), table, ofNull, mask, block.rows);
}

function openNull(column: number): Select {
  return (block, mask) => {
    const valid = block.valid(column);
    if (valid === null) mask.fill(0, 0, block.rows);
    else for (let i = 0; i < block.rows; i++) mask[i]! &= valid[i]! ^ 1;
  };
}

function openNot(inner: Select, scope: Scope): Select {
  const inverse = scope.arena.u8(BLOCK_ROWS);
  return (block, mask) => {
    inverse.fill(1, 0, block.rows);
    inner(block, inverse);
    for (let i = 0; i < block.rows; i++) mask[i]! &= inverse[i]! ^ 1;
  };
}

function openAny(parts: readonly Select[], scope: Scope): Select {
  const union = scope.arena.u8(BLOCK_ROWS);
  const one = scope.arena.u8(BLOCK_ROWS);
  return (block, mask) => {
    union.fill(0, 0, block.rows);
    for (const part of parts) {
      one.fill(1, 0, block.rows);
      part(block, one);
      for (let i = 0; i < block.rows; i++) union[i]! |= one[i]!;
    }
    for (let i = 0; i < block.rows; i++) mask[i]! &= union[i]!;
  };
}
