import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startHalftone, tableSql, type Halftone } from './halftone.js';

/** Instants around which the clocks of some zone change, in seconds since 1970. */
const TURNS = [
  '2021-03-28T01:00:00Z', // Europe
  '2021-10-31T01:00:00Z',
  '2021-03-14T07:00:00Z', // New York
  '2021-11-07T06:00:00Z',
  '2021-04-03T15:00:00Z', // Lord Howe: half an hour
  '2021-10-02T15:30:00Z',
  '2018-11-04T03:00:00Z', // São Paulo: midnight is skipped
  '2018-02-18T02:00:00Z',
  '2011-12-30T10:00:00Z', // Apia: a day is skipped
  '1969-12-31T23:59:59Z',
].map((text) => Date.parse(text) / 1000);
const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'America/Sao_Paulo',
  'Pacific/Apia',
];

let seed = 3;
const random = (): number => {
  seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
  return seed / 2 ** 32;
};
const instants = TURNS.flatMap((turn) =>
  Array.from(
    { length: 24 },
    (_, i) =>
      BigInt(
        turn +
          (i < 10 ? i * 400 - 2000 : Math.floor((random() - 0.5) * (i < 18 ? 10_000 : 500_000))),
      ) *
        1_000_000n +
      BigInt(i % 3) * 499_999n,
  ),
);
const iso = (us: bigint): string => {
  const seconds = us >= 0n ? us / 1_000_000n : -((999_999n - us) / 1_000_000n);
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}.${String(us - seconds * 1_000_000n).padStart(6, '0')}`;
};

let halftone: Halftone;
beforeAll(async () => {
  const days = instants.map((us) => iso(us).slice(0, 10));
  halftone = await startHalftone({
    t: tableSql({
      zoned: ['TIMESTAMPTZ', instants.map((us) => `${iso(us)}+00`)],
      naive: ['TIMESTAMP', instants.map(iso)],
      nanos: ['TIMESTAMP_NS', instants.map(iso)],
      seconds: ['TIMESTAMP_S', instants.map((us) => iso(us).slice(0, 19))],
      day: ['DATE', days],
      clock: ['TIME', instants.map((us) => iso(us).slice(11))],
      one: ['INTEGER', instants.map(() => 1)],
    }),
  });
});
afterAll(() => halftone.close());

const formats = new Map(
  ZONES.map((timeZone) => [
    timeZone,
    new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
      timeZoneName: 'longOffset',
    }),
  ]),
);

interface Wall {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  offset: string;
}
function wallOf(us: bigint, zone: string): Wall {
  const ms = Number(us >= 0n ? us / 1000n : -((999n - us) / 1000n));
  const parts = Object.fromEntries(
    formats
      .get(zone)!
      .formatToParts(ms)
      .map(({ type, value }) => [type, value]),
  );
  const number = (name: string): number => Number(parts[name]);
  return {
    year: number('year'),
    month: number('month'),
    day: number('day'),
    hour: number('hour'),
    minute: number('minute'),
    second: number('second'),
    offset: parts['timeZoneName']!,
  };
}

/** What tells the bins of a unit apart on the wall. */
function binName(us: bigint, unit: string, zone: string): string {
  const { year, month, day, hour, minute, second, offset } = wallOf(us, zone);
  switch (unit) {
    case 'year':
      return `${year}`;
    case 'quarter':
      return `${year} ${Math.floor((month - 1) / 3)}`;
    case 'month':
      return `${year} ${month}`;
    case 'week': {
      const days = Date.UTC(year, month - 1, day) / 86_400_000;
      return `${Math.floor((days + 3) / 7)}`;
    }
    case 'day':
      return `${year} ${month} ${day}`;
    case 'hour':
      return `${year} ${month} ${day} ${hour} ${offset}`;
    case 'minute':
      return `${year} ${month} ${day} ${hour} ${minute} ${offset}`;
    default:
      return `${year} ${month} ${day} ${hour} ${minute} ${second} ${offset}`;
  }
}

const UNITS = ['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second'];
/** Short bins of ten years would be too many: only one turn is asked for. */
const [FIRST, LAST] = [
  instants.reduce((a, b) => (a < b ? a : b)),
  instants.reduce((a, b) => (a > b ? a : b)),
].map((us) => `${iso(us)}Z`) as [string, string];
const windowOf = (unit: string, turn: number): string[] => {
  const half = { hour: 100_000, minute: 9_000, second: 200 }[unit];
  // Every day since 1969 would be more than 10,000 bins.
  if (half === undefined) return [unit === 'day' ? '2011-01-01T00:00:00.000000Z' : FIRST, LAST];
  return [turn - half, turn + half].map((s) => `${iso(BigInt(s) * 1_000_000n)}Z`);
};

describe.each(ZONES)('second … year in %s', (timeZone) => {
  test.each(UNITS)('%s', async (bin) => {
    const isShort = ['hour', 'minute', 'second'].includes(bin);
    for (const turn of isShort ? TURNS : [0]) {
      // Half an hour that comes again belongs to the hour that it interrupts.
      if (bin === 'hour' && timeZone === 'Australia/Lord_Howe' && turn === TURNS[4]) continue;
      const range = windowOf(bin, turn);
      const [low, high] = range.map(
        (text) => BigInt(Date.parse(text)) * 1000n + BigInt(text.slice(23, 26)),
      );
      const { column, metadata } = await halftone.frame({
        mark: 'histogram',
        x: { column: 'zoned', bin },
        timeZone,
        domain: { x: range },
      });
      const [lo, hi, count] = [
        column('lo') as bigint[],
        column('hi') as bigint[],
        column('count') as number[],
      ];
      expect(hi.slice(0, -1)).toEqual(lo.slice(1));
      const within = instants.filter((us) => us >= low! && us <= high!);
      expect(count.reduce((a, b) => a + b, 0)).toBe(within.length);
      expect(metadata.rows.outside).toBe(instants.length - within.length);
      expect(metadata.bin).toBe(bin);
      for (const [i, from] of lo.entries()) {
        const own = within.filter((us) => us >= from && us < hi[i]!);
        expect(count[i]).toBe(own.length);
        // One bin a name, and a bin begins where the name does.
        const name = binName(from, bin, timeZone);
        for (const us of own) expect([us, binName(us, bin, timeZone)]).toEqual([us, name]);
        if (i > 0) expect(binName(from - 1n, bin, timeZone)).not.toBe(name);
      }
    }
  });
});

describe('naive times and dates are binned as they stand, whatever the zone', () => {
  test.each(['naive', 'nanos', 'seconds', 'day'])('%s', async (name) => {
    for (const bin of ['week', 'month', 'quarter', 'year']) {
      const [utc, berlin] = await Promise.all(
        ['UTC', 'Europe/Berlin'].map((timeZone) =>
          halftone.frame({ mark: 'line', x: { column: name, bin }, y: 'one', timeZone }),
        ),
      );
      expect(berlin!.rows()).toEqual(utc!.rows());
      const groups = new Map<string, number>();
      for (const us of instants)
        groups.set(binName(us, bin, 'UTC'), (groups.get(binName(us, bin, 'UTC')) ?? 0) + 1);
      expect((utc!.column('count') as number[]).toSorted((a, b) => a - b)).toEqual(
        [...groups.values()].sort((a, b) => a - b),
      );
    }
  });
});

test('bins of a line and of bars begin where those of a histogram do', async () => {
  const x = { column: 'zoned', bin: 'month' };
  const query = { x, timeZone: 'America/New_York' };
  const histogram = await halftone.frame({ mark: 'histogram', ...query });
  const counts = histogram.rows().filter(({ count }) => (count as number) > 0);
  const line = await halftone.frame({ mark: 'line', y: 'one', ...query });
  const origin = BigInt(line.metadata.origin!.x);
  expect((line.column('x') as number[]).map((offset) => origin + BigInt(offset))).toEqual(
    counts.map(({ lo }) => lo),
  );
  expect(line.column('count')).toEqual(counts.map(({ count }) => count));
  const bars = await halftone.frame({
    mark: 'bar',
    ...query,
    sort: [{ column: 'key' }],
    limit: 1000,
  });
  expect(bars.column('key')).toEqual(counts.map(({ lo }) => lo));
  expect(bars.column('value')).toEqual(counts.map(({ count }) => count));
});

test('a width of a time is one of the column’s own units', async () => {
  for (const [name, perSecond, width] of [
    ['zoned', 1_000_000n, 864_000_000_000],
    ['seconds', 1n, 864_000],
    ['nanos', 1_000_000_000n, 864_000_000_000_000],
    ['day', 0n, 7],
  ] as const) {
    const { column } = await halftone.frame({
      mark: 'line',
      x: { column: name, bin: width },
      y: 'one',
    });
    const ticks = instants.map((us) =>
      perSecond === 0n ? floor(us, 86_400_000_000n) : floor(us * perSecond, 1_000_000n),
    );
    const bins = new Set(ticks.map((t) => floor(t, BigInt(width))));
    expect(column('x').length).toBe(bins.size);
  }
  expect(
    await halftone.refusal({ mark: 'line', x: { column: 'zoned', bin: 1.5 }, y: 'one' }),
  ).toMatchObject({ status: 400, field: 'x.bin' });
});

test('without bins times get calendar steps', async () => {
  for (const name of ['zoned', 'naive', 'nanos', 'seconds', 'day', 'clock']) {
    const { column, metadata } = await halftone.frame({ mark: 'histogram', x: name });
    expect(typeof metadata.bin).toBe('string');
    expect((column('count') as number[]).reduce((a, b) => a + b, 0)).toBe(instants.length);
    expect(column('lo').length).toBeLessThan(200);
  }
});

function floor(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  return value % divisor < 0n ? quotient - 1n : quotient;
}
