/** A bug in one line: what stands in a file of the workers, and what a slip of the hand would make of it. */
export interface PlantedBug {
  name: string;
  /** Under `workers/kernels/assembly` where it ends with `.ts`, else under `dist/workers`. */
  file: string;
  /** Its first occurrence is replaced. */
  find: string;
  replace: string;
}

export const PLANTED_BUGS: readonly PlantedBug[] = [
  {
    name: 'a reciprocal is multiplied in place of a division',
    file: 'cells.ts',
    find: 'f64x2.div(f64x2.mul(f64x2.sub(values, lows), widths), spans)',
    replace: 'f64x2.mul(f64x2.sub(values, lows), f64x2.div(widths, spans))',
  },
  {
    name: 'the upper end of a domain is open',
    file: 'cells.ts',
    find: 'f64x2.le(values, highs)',
    replace: 'f64x2.lt(values, highs)',
  },
  {
    name: 'an infinite value counts as one beyond the domain',
    file: 'cells.ts',
    find: 'f64x2.eq(f64x2.sub(values, values), f64x2.splat(0))',
    replace: 'f64x2.eq(values, values)',
  },
  {
    name: 'the last bin of a histogram is open',
    file: 'cells.ts',
    find: 'value >= low && value <= high) cell = stepCell',
    replace: 'value >= low && value < high) cell = stepCell',
  },
  {
    name: 'rows that pass are taken from the start of their block',
    file: 'pack.ts',
    find: 'i16x8.splat(<i16>i)',
    replace: 'i16x8.splat(0)',
  },
  {
    name: 'a time on the edge of a bin is in the bin before it',
    file: 'cells.ts',
    find: 'load<i64>(edges + (<usize>cell << 3), 8) <= value',
    replace: 'load<i64>(edges + (<usize>cell << 3), 8) < value',
  },
  {
    name: 'the upper bound of a range is exclusive',
    file: 'mask.ts',
    find: 'f64x2.le(values, highs)',
    replace: 'f64x2.lt(values, highs)',
  },
  {
    name: 'the last row of a block is not counted',
    file: 'mask.ts',
    find: 'for (; i < rows; i++) sum',
    replace: 'for (; i < rows - 1; i++) sum',
  },
  {
    name: 'a null is a zero',
    file: 'bits.ts',
    find: 'store<f64>(out + (<usize>k << 3), NaN)',
    replace: 'store<f64>(out + (<usize>k << 3), 0)',
  },
  {
    name: 'the bits of validity are read from the most significant one',
    file: 'bits.ts',
    find: '>> (i & 7)',
    replace: '>> (7 - (i & 7))',
  },
  {
    name: 'unsigned bytes are read as signed ones',
    file: 'to-f64.ts',
    find: 'v128.load8x8_u(from)',
    replace: 'v128.load8x8_s(from)',
  },
  {
    name: '64-bit integers are compared as doubles',
    file: 'select/open.js',
    find: 'block.kernels.andRangeI64(block.i64(column), low, high, mask, block.rows)',
    replace:
      'block.kernels.andRange(block.f64(column), Number(low), Number(high), mask, block.rows)',
  },
  {
    name: 'a null passes a list of values that lacks it',
    file: 'stored-mask.ts',
    find: '? <u8>ofNull',
    replace: '? <u8>1',
  },
  {
    name: 'the grid of one thread is lost',
    file: 'scan/join-counts.js',
    find: 'const [first, ...others] = parts;',
    replace: 'const [first, , ...others] = parts;',
  },
  {
    name: 'a line forgets the last row of a pixel column',
    file: 'marks/line/pixel-columns.js',
    find: 'kept.add(last[c], NaN)',
    replace: 'kept.add(first[c], NaN)',
  },
];
