import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import { calendarEdges } from '../../../workers/calendar/edges.js';
import type { CalendarStep } from '../../../workers/calendar/step.js';
import type { TimeUnit } from '../../../protocol/column.js';

const at = (text: string): bigint => BigInt(Temporal.Instant.from(text).epochMilliseconds);

function edgesOf(
  from: string,
  to: string,
  unit: CalendarStep['unit'],
  { timeZone = 'UTC', every = 1 } = {},
): string[] {
  const edges = calendarEdges({
    step: { unit, every },
    unit: 'ms',
    timeZone,
    low: at(from),
    high: at(to),
  });
  return [...edges].map((edge) =>
    Temporal.Instant.fromEpochMilliseconds(Number(edge)).toString().replace(':00Z', 'Z'),
  );
}

test('cuts at the starts of days, the first not above the first time and the last above the last one', () => {
  expect(edgesOf('2024-02-28T13:00Z', '2024-03-01T00:00Z', 'day')).toEqual([
    '2024-02-28T00:00Z',
    '2024-02-29T00:00Z',
    '2024-03-01T00:00Z',
    '2024-03-02T00:00Z',
  ]);
});

test('begins weeks on Monday, quarters in January, years with their first day, before 1970 too', () => {
  expect(edgesOf('1969-12-31T12:00Z', '1969-12-31T12:00Z', 'week')).toEqual([
    '1969-12-29T00:00Z',
    '1970-01-05T00:00Z',
  ]);
  expect(edgesOf('2024-05-05T00:00Z', '2024-07-01T00:00Z', 'quarter')).toEqual([
    '2024-04-01T00:00Z',
    '2024-07-01T00:00Z',
    '2024-10-01T00:00Z',
  ]);
  expect(edgesOf('1899-12-31T23:59Z', '1900-01-01T00:00Z', 'year')).toHaveLength(3);
});

test('gives the days of a clock change 23 and 25 hours', () => {
  const spring = edgesOf('2024-03-30T12:00Z', '2024-04-01T12:00Z', 'day', {
    timeZone: 'Europe/Berlin',
  });
  expect(spring.slice(1, 3)).toEqual(['2024-03-30T23:00Z', '2024-03-31T22:00Z']);
  const hours = edgesOf('2024-10-26T22:00Z', '2024-10-27T22:59Z', 'hour', {
    timeZone: 'Europe/Berlin',
  });
  expect(hours).toHaveLength(26);
});

test('begins a day whose midnight is skipped with its first instant, and leaves a skipped day out', () => {
  expect(
    edgesOf('2018-11-03T12:00Z', '2018-11-04T12:00Z', 'day', { timeZone: 'America/Sao_Paulo' }),
  ).toEqual(['2018-11-03T03:00Z', '2018-11-04T03:00Z', '2018-11-05T02:00Z']);
  // Samoa went from 29 to 31 December 2011.
  expect(
    edgesOf('2011-12-29T12:00Z', '2011-12-31T12:00Z', 'day', { timeZone: 'Pacific/Apia' }),
  ).toEqual(['2011-12-29T10:00Z', '2011-12-30T10:00Z', '2011-12-31T10:00Z', '2012-01-01T10:00Z']);
});

test('shows whole hours of zones that are half an hour apart from UTC', () => {
  expect(
    edgesOf('2024-01-01T00:00Z', '2024-01-01T00:29Z', 'hour', { timeZone: 'Asia/Kolkata' }),
  ).toEqual(['2023-12-31T23:30Z', '2024-01-01T00:30Z']);
  // Lord Howe Island moves its clocks by half an hour: 2:00 becomes 1:30, so one hour has 90 minutes.
  expect(
    edgesOf('2024-04-06T14:00Z', '2024-04-06T15:45Z', 'hour', { timeZone: 'Australia/Lord_Howe' }),
  ).toEqual(['2024-04-06T14:00Z', '2024-04-06T15:30Z', '2024-04-06T16:30Z']);
});

test('agrees with a walk over every minute of the clock on the wall', () => {
  const zones = [
    'Europe/Berlin',
    'America/Havana',
    'Australia/Lord_Howe',
    'America/Sao_Paulo',
    'Asia/Tehran',
  ];
  for (const timeZone of zones) {
    for (const every of [30, 60, 180, 720]) {
      const low = at('2017-01-01T00:00Z') + BigInt(every) * 1_000_003n;
      const high = low + 400n * 86_400_000n;
      const step =
        every === 30
          ? ({ unit: 'minute', every } as const)
          : ({ unit: 'hour', every: every / 60 } as const);
      const edges = calendarEdges({ step, unit: 'ms', timeZone, low, high, maxBins: 50_000 });
      expect([...edges].map(Number)).toEqual(
        minuteWalk(Number(low), Number(high), every, timeZone),
      );
    }
  }
});

// Every instant, in whole minutes, at which the clock shows a multiple of `every` minutes or jumps past one.
function minuteWalk(low: number, high: number, every: number, timeZone: string): number[] {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  const offsetOf = (time: number): number => {
    const [, sign, hours, minutes] = /GMT(?:([+-])(\d\d):(\d\d))?/.exec(format.format(time))!;
    return sign === undefined
      ? 0
      : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  };
  const edges: number[] = [];
  const minute = 60_000;
  let before: number | undefined;
  for (let hour = Math.floor(low / 3_600_000) - 48; ; hour++) {
    // Offsets change at whole and half hours in these zones.
    for (const half of [0, 30]) {
      const offset = offsetOf((hour * 60 + half) * minute);
      for (let m = 0; m < 30; m++) {
        const time = hour * 60 + half + m;
        const clock = time + offset;
        const label = Math.floor(clock / every);
        if (clock % every === 0 || (before !== undefined && label > Math.floor(before / every))) {
          if (time * minute <= low) edges.length = 0;
          edges.push(time * minute);
          if (time * minute > high) return edges;
        }
        before = clock;
      }
    }
  }
}

test('has the start of the day that Temporal has, in every unit of time', () => {
  const units: [TimeUnit, bigint][] = [
    ['s', 1n],
    ['us', 1_000_000n],
    ['ns', 1_000_000_000n],
  ];
  for (const [unit, ticks] of units) {
    const low = (at('1890-01-01T00:00Z') / 1000n) * ticks;
    const high = (at('1910-01-01T00:00Z') / 1000n) * ticks + 1n;
    const options = {
      step: { unit: 'day', every: 1 },
      unit,
      timeZone: 'Europe/Amsterdam',
      low,
      high,
    } as const;
    const edges = calendarEdges(options);
    for (let i = 0; i < edges.length; i += 97) {
      const seconds = Number(edges[i]! / ticks);
      const zoned = Temporal.Instant.fromEpochMilliseconds(seconds * 1000).toZonedDateTimeISO(
        'Europe/Amsterdam',
      );
      expect(zoned.startOfDay().epochMilliseconds).toBe(seconds * 1000);
    }
  }
});

test('keeps to whole days on a column of dates, whatever the zone and however short the bin', () => {
  const options = { unit: 'day', timeZone: 'Asia/Tokyo', low: 0n, high: 1n } as const;
  expect([...calendarEdges({ ...options, step: { unit: 'hour', every: 1 } })]).toEqual([
    0n,
    1n,
    2n,
  ]);
  expect([...calendarEdges({ ...options, step: { unit: 'month', every: 1 } })]).toEqual([0n, 31n]);
});

test('reaches years that no Date knows', () => {
  const low = 2_100_000_000n; // the year 5,751,593
  const [first, last] = calendarEdges({
    step: { unit: 'year', every: 1 },
    unit: 'day',
    timeZone: 'UTC',
    low,
    high: low,
  });
  expect(Number(last! - first!)).toBeGreaterThan(364);
  expect(first! <= low && low < last!).toBe(true);
  const far = 20_000_000_000_000n;
  const zoned = calendarEdges({
    step: { unit: 'day', every: 1 },
    unit: 's',
    timeZone: 'Europe/Berlin',
    low: far,
    high: far,
  });
  expect(zoned[1]! - zoned[0]!).toBe(86_400n);
});

test('cuts fractions of a second evenly, and stays within 64 bits', () => {
  const step = { unit: 'second', every: 0.002 } as const;
  const edges = calendarEdges({ step, unit: 'us', timeZone: 'UTC', low: -1n, high: 2000n });
  expect([...edges]).toEqual([-2000n, 0n, 2000n, 4000n]);
  const least = -(2n ** 63n);
  const clamped = calendarEdges({
    step: { unit: 'year', every: 1 },
    unit: 'ns',
    timeZone: 'UTC',
    low: least,
    high: least + 5n,
  });
  expect(clamped[0]).toBe(least);
});

test('refuses more bins than it may make, and times that are too far away', () => {
  expect(() => edgesOf('1970-01-01T00:00Z', '2024-01-01T00:00Z', 'hour')).toThrow(
    'Bins of one hour would be more than 10000.',
  );
  expect(edgesOf('1997-01-01T00:00Z', '2024-05-18T00:00Z', 'day')).toHaveLength(10_001);
  expect(() => edgesOf('1997-01-01T00:00Z', '2024-05-19T00:00Z', 'day')).toThrow(RangeError);
  const step = { unit: 'year', every: 1 } as const;
  expect(() =>
    calendarEdges({ step, unit: 's', timeZone: 'UTC', low: 2n ** 60n, high: 2n ** 60n }),
  ).toThrow('too far away');
});
