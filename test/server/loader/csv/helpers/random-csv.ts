import * as fc from 'fast-check';
import type { CsvOptions } from '../../../../../server/loader/source.js';

/** A cell as it is written, and the value that it stands for. */
interface Cell {
  text: string;
  value: unknown;
}

/** A kind of column: what its cells look like and what they must become. */
interface Kind {
  name: string;
  /** The type that the column must get where its first cell is `sure`. */
  type: string;
  cell: fc.Arbitrary<Cell>;
  /** A cell that no other type could hold. */
  sure: Cell;
  decimal?: ',';
}

/** A table with the file it is written as. */
export interface RandomCsv {
  bytes: Buffer;
  /** What a person would say to `--csv`; empty where everything is to be found out. */
  csv: CsvOptions;
  /** Names, types and values as they must be loaded. */
  names: string[];
  types: string[];
  values: Record<string, unknown[]>;
  rows: number;
  /** Lines that are empty, in a table of several columns. */
  blank: number;
  encoding: string;
}

const two = (n: number): string => String(n).padStart(2, '0');
const day = fc.record({
  y: fc.integer({ min: 1700, max: 2200 }),
  m: fc.integer({ min: 1, max: 12 }),
  d: fc.integer({ min: 1, max: 28 }),
});
const clock = fc.record({
  h: fc.integer({ min: 0, max: 23 }),
  i: fc.integer({ min: 0, max: 59 }),
  s: fc.integer({ min: 0, max: 59 }),
});
const isoDay = day.map(({ y, m, d }) => `${y}-${two(m)}-${two(d)}`);
const isoClock = clock.map(({ h, i, s }) => `${two(h)}:${two(i)}:${two(s)}`);
const digits = (count: number): fc.Arbitrary<string> =>
  fc.integer({ min: 0, max: 10 ** count - 1 }).map((n) => String(n).padStart(count, '0'));
const same = (text: string, value: unknown = text): Cell => ({ text, value });

const double = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer({ min: -10_000, max: 10_000 }).map((n) => n / 100),
);
/** Zero has no sign in a text like `0`, and JSON none at all. */
const number = (n: number): number => (n === 0 ? 0 : n);
const thousands = (n: number, mark: string): string =>
  String(Math.abs(n)).replace(/\B(?=(?:\d{3})+$)/g, mark);

const WORDS = fc.oneof(
  { arbitrary: fc.stringMatching(/^[a-z][a-z ]{0,8}[a-z]$/), weight: 3 },
  {
    arbitrary: fc.constantFrom(
      'x,y',
      'a;b',
      'tab\tbed',
      'p|q',
      'say "hi"',
      '"',
      '""',
      "it's",
      'two\nlines',
      'two\r\nlines',
      '\nfirst',
      'last\n',
      ' around ',
      'ünï',
      'naïve café',
      'back\\slash',
      '#note',
      '=1+1',
      '50 %',
      '2020-W10-1',
      'true?',
      '',
      'x'.repeat(300),
    ),
    weight: 1,
  },
);

const KINDS: readonly Kind[] = [
  {
    name: 'whole',
    type: 'BIGINT',
    sure: same('-7', -7),
    cell: fc.integer().map((n) => same(String(n), n)),
  },
  {
    name: 'long',
    type: 'BIGINT',
    sure: same('9007199254740993'),
    cell: fc
      .bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
      .map((n) => same(String(n), Number.isSafeInteger(Number(n)) ? Number(n) : String(n))),
  },
  {
    name: 'huge',
    type: 'HUGEINT',
    sure: same('123456789012345678901'),
    cell: fc.bigInt({ min: -(2n ** 127n), max: 2n ** 127n - 1n }).map((n) => same(String(n))),
  },
  {
    name: 'double',
    type: 'DOUBLE',
    sure: same('0.5', 0.5),
    cell: double.map((n) => same(String(n), number(n))),
  },
  {
    name: 'comma',
    type: 'DOUBLE',
    decimal: ',',
    sure: same('0,5', 0.5),
    cell: fc
      .integer({ min: -1_000_000, max: 1_000_000 })
      .map((n) => same((n / 100).toFixed(2).replace('.', ','), number(n / 100))),
  },
  {
    name: 'grouped',
    type: 'DOUBLE',
    sure: same('1,234.5', 1234.5),
    cell: fc
      .integer({ min: 0, max: 10_000_000 })
      .map((n) => same(`${thousands(n, ',')}.25`, n + 0.25)),
  },
  {
    name: 'truth',
    type: 'BOOLEAN',
    sure: same('true', true),
    cell: fc.tuple(fc.boolean(), fc.constantFrom('lower', 'upper', 'title')).map(([b, how]) => {
      const text = String(b);
      const title = text[0]!.toUpperCase() + text.slice(1);
      return same(how === 'lower' ? text : how === 'upper' ? text.toUpperCase() : title, b);
    }),
  },
  { name: 'day', type: 'DATE', sure: same('2020-02-29'), cell: isoDay.map((text) => same(text)) },
  {
    name: 'german',
    type: 'DATE',
    sure: same('31.12.2019', '2019-12-31'),
    cell: day.map(({ y, m, d }) => same(`${two(d)}.${two(m)}.${y}`, `${y}-${two(m)}-${two(d)}`)),
  },
  {
    name: 'american',
    type: 'DATE',
    sure: same('12/31/2019', '2019-12-31'),
    cell: day.map(({ y, m, d }) => same(`${m}/${d}/${y}`, `${y}-${two(m)}-${two(d)}`)),
  },
  {
    name: 'clock',
    type: 'TIME',
    sure: same('23:59:58', '23:59:58.000000'),
    cell: isoClock.map((text) => same(text, `${text}.000000`)),
  },
  {
    name: 'stamp',
    type: 'TIMESTAMP',
    sure: same('2020-02-29 23:59:58', '2020-02-29T23:59:58.000000'),
    cell: fc
      .tuple(isoDay, isoClock, fc.constantFrom(' ', 'T'), digits(6), fc.boolean())
      .map(([d, c, mark, f, long]) =>
        same(`${d}${mark}${c}${long ? `.${f}` : ''}`, `${d}T${c}.${long ? f : '000000'}`),
      ),
  },
  {
    name: 'nano',
    type: 'TIMESTAMP_NS',
    sure: same('2020-02-29 23:59:58.123456789', '2020-02-29T23:59:58.123456789'),
    cell: fc
      .tuple(isoDay, isoClock, digits(9))
      .map(([d, c, f]) => same(`${d}T${c}.${f}`, `${d}T${c}.${f}`)),
  },
  {
    name: 'instant',
    type: 'TIMESTAMP WITH TIME ZONE',
    sure: same('2020-02-29T23:59:58Z', '2020-02-29T23:59:58.000000Z'),
    cell: fc
      .tuple(isoDay, isoClock, fc.constantFrom('Z', '+02:00', '-0530', '+00'))
      .map(([d, c, zone]) => {
        const match = /([+-])(\d\d):?(\d\d)?/.exec(zone);
        const minutes = match
          ? (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3] ?? 0))
          : 0;
        const at = new Date(Date.parse(`${d}T${c}Z`) - minutes * 60_000).toISOString();
        return same(`${d}T${c}${zone}`, `${at.slice(0, 19)}.000000Z`);
      }),
  },
  {
    name: 'padded',
    type: 'VARCHAR',
    sure: same('00501'),
    cell: digits(5).map((text) => same(text)),
  },
  { name: 'text', type: 'VARCHAR', sure: same('word'), cell: WORDS.map((text) => same(text)) },
];

const HEADERS = fc.constantFrom(
  'id',
  'Name',
  'x y',
  'größe',
  'a',
  'A',
  'total',
  'col,umn',
  'it"s',
  'select',
  'two\nlines',
  '',
);

interface Plan {
  kinds: Kind[];
  header: boolean;
  names: string[];
  cells: { cell: Cell; empty: boolean }[][];
  delimiter: string;
  newline: string;
  quoting: 'needed' | 'always';
  ending: boolean;
  blankAt: number[];
  encoding: 'utf-8' | 'utf-8-bom' | 'utf-16le' | 'utf-16be' | 'windows-1252';
  said: boolean;
}

const plan: fc.Arbitrary<Plan> = fc
  .record({
    kinds: fc.array(fc.constantFrom(...KINDS), { minLength: 1, maxLength: 6 }),
    header: fc.boolean(),
    delimiter: fc.constantFrom(',', ';', '\t', '|'),
    newline: fc.constantFrom('\n', '\r\n', '\r'),
    quoting: fc.constantFrom('needed' as const, 'always' as const),
    ending: fc.boolean(),
    rows: fc.integer({ min: 0, max: 40 }),
    blankAt: fc.oneof(fc.constant<number[]>([]), fc.array(fc.nat(40), { maxLength: 3 })),
    encoding: fc.constantFrom(
      'utf-8' as const,
      'utf-8' as const,
      'utf-8-bom' as const,
      'utf-16le' as const,
      'utf-16be' as const,
      'windows-1252' as const,
    ),
    said: fc.boolean(),
  })
  .chain(({ rows, ...rest }) => {
    const kinds = rest.kinds;
    const names = fc.array(HEADERS, { minLength: kinds.length, maxLength: kinds.length });
    const cells = fc.tuple(
      ...kinds.map((kind) =>
        fc.array(
          fc.record({
            cell: kind.cell,
            empty: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
          }),
          { minLength: rows, maxLength: rows },
        ),
      ),
    );
    return fc.record({ names, cells }).map((more): Plan => ({ ...rest, ...more }));
  });

/** The names that the loader must give: empty ones by position, later twins with a number. */
function loadedNames(header: readonly string[]): string[] {
  const given = new Set(header.filter((name) => name !== '').map((name) => name.toLowerCase()));
  const taken = new Set<string>();
  return header.map((name, i) => {
    const base = name === '' ? `column${i + 1}` : name;
    let found = base;
    for (
      let n = 1;
      taken.has(found.toLowerCase()) || (found !== name && given.has(found.toLowerCase()));
      n++
    ) {
      found = `${base}_${n}`;
    }
    taken.add(found.toLowerCase());
    return found;
  });
}

function write(made: Plan): RandomCsv {
  const { kinds, delimiter, newline, quoting, ending, said } = made;
  const width = kinds.length;
  const wide = width > 1;
  // Where the delimiter is not said, no other candidate may stand in the open: nobody could tell.
  const risky = said
    ? new RegExp(`[\\r\\n"${delimiter === '|' ? '\\|' : delimiter}]`)
    : /[\r\n",;\t|]/;
  const field = (text: string): string =>
    quoting === 'always' || risky.test(text) || text === ''
      ? `"${text.replaceAll('"', '""')}"`
      : text;
  // What no sniffer could know has to be said.
  const comma = kinds.some(({ decimal }) => decimal !== undefined);
  const pointed = kinds.some(({ name }) => name === 'grouped' || name === 'double');
  const usable = kinds.map((kind) => {
    // In one column nothing tells the delimiter, and a comma might be it.
    const unclear = delimiter === ',' || pointed || (!wide && !said);
    if (kind.name === 'comma' && unclear) return TEXT_KIND;
    return kind;
  });
  const decimal = comma && delimiter !== ',' && !pointed && (wide || said) ? ',' : '.';
  const columns = usable.map((kind, k) => {
    const source = made.cells[k] ?? [];
    return source.map(({ cell, empty }, row): Cell & { empty: boolean } => {
      if (kind !== kinds[k]) return { ...same('word'), empty: false };
      if (row === source.length - 1) return { ...kind.sure, empty: false };
      if (empty && wide) return { text: '', value: null, empty: true };
      return { ...cell, empty: false };
    });
  });
  const rows = columns[0]?.length ?? 0;
  const types = usable.map(({ type }) => (rows === 0 ? 'VARCHAR' : type));
  const header = made.header || rows === 0 || usable.every(({ type }) => type === 'VARCHAR');
  const headerNames =
    header && made.names.every((name) => name === '') ? ['id', ...made.names.slice(1)] : made.names;
  const names = header ? loadedNames(headerNames) : loadedNames(kinds.map(() => ''));
  const lines: string[] = [];
  if (header)
    lines.push(headerNames.map((name) => (name === '' && wide ? '' : field(name))).join(delimiter));
  let blank = 0;
  for (let row = 0; row < rows; row++) {
    if (wide && row > 0 && made.blankAt.includes(row)) {
      lines.push('');
      blank++;
    }
    lines.push(
      columns.map((column) => (column[row]!.empty ? '' : field(column[row]!.text))).join(delimiter),
    );
  }
  const text = lines.join(newline) + (ending ? newline : '');
  const { bytes, encoding } = encode(text, made.encoding);
  const values: Record<string, unknown[]> = {};
  names.forEach((name, k) => {
    values[name] = columns[k]!.map(({ value }) => value);
  });
  const csv: CsvOptions = said
    ? {
        delimiter,
        quote: '"',
        header,
        decimal,
        ...(made.encoding.startsWith('utf-8') ? {} : { encoding }),
      }
    : {};
  return { bytes, csv, names, types, values, rows, blank, encoding };
}

const TEXT_KIND = KINDS.at(-1)!;

function encode(text: string, encoding: Plan['encoding']): { bytes: Buffer; encoding: string } {
  switch (encoding) {
    case 'utf-8-bom':
      return { bytes: Buffer.from(`\uFEFF${text}`), encoding: 'utf-8' };
    case 'utf-16le':
      return { bytes: Buffer.from(`\uFEFF${text}`, 'utf16le'), encoding };
    case 'utf-16be':
      return { bytes: Buffer.from(`\uFEFF${text}`, 'utf16le').swap16(), encoding };
    case 'windows-1252': {
      const bytes = Buffer.from(text, 'latin1');
      // What is ASCII alone is UTF-8 as well.
      return { bytes, encoding: /^[\0-\x7f]*$/.test(text) ? 'utf-8' : 'windows-1252' };
    }
    default:
      return { bytes: Buffer.from(text), encoding: 'utf-8' };
  }
}

/** Random tables written in random dialects, with the truth of what they hold. */
export const randomCsv: fc.Arbitrary<RandomCsv> = plan.map(write);
