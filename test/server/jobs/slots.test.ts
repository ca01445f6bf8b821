import { expect, test } from 'vitest';
import { faultOfWhen, slotsOf } from '../../../server/jobs/slots.js';

const ms = (text: string): number => Date.parse(text);
const MINUTE = 60_000;

/** The times from `from` to `to`, as the clocks on the wall of `timeZone` show them, with their offsets. */
function listed(cron: string, timeZone: string, from: string, to: string): string[] {
  const slots = slotsOf({ cron, timeZone });
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'longOffset',
  });
  const found: string[] = [];
  for (let at = slots.after(ms(from) - 1); at !== undefined && at <= ms(to);) {
    const parts = Object.fromEntries(
      format.formatToParts(at).map(({ type, value }) => [type, value]),
    );
    found.push(`${parts['day']} ${parts['hour']}:${parts['minute']} ${parts['timeZoneName']}`);
    at = slots.after(at);
  }
  return found;
}

const spring = ['2026-03-28T00:00:00Z', '2026-03-30T12:00:00Z'] as const;
const autumn = ['2026-10-24T00:00:00Z', '2026-10-26T12:00:00Z'] as const;

test('in the night without a 02:30 a run at 02:30 comes once, as soon as clocks have gone forward', () => {
  expect(listed('30 2 * * *', 'Europe/Berlin', ...spring)).toEqual([
    '28 02:30 GMT+01:00',
    '29 03:00 GMT+02:00',
    '30 02:30 GMT+02:00',
  ]);
  expect(
    listed('30 2 * * *', 'America/New_York', '2026-03-07T12:00:00Z', '2026-03-09T12:00:00Z'),
  ).toEqual(['08 03:00 GMT-04:00', '09 02:30 GMT-04:00']);
});

test('in the night with two 02:30 a run at 02:30 comes once, in the first', () => {
  expect(listed('30 2 * * *', 'Europe/Berlin', ...autumn)).toEqual([
    '24 02:30 GMT+02:00',
    '25 02:30 GMT+02:00',
    '26 02:30 GMT+01:00',
  ]);
});

test('a run every half hour comes every half hour in both nights', () => {
  for (const [zone, from] of [
    ['Europe/Berlin', '2026-03-28T22:00:00Z'],
    ['Europe/Berlin', '2026-10-24T22:00:00Z'],
    ['America/New_York', '2026-03-08T04:00:00Z'],
    ['America/New_York', '2026-11-01T03:00:00Z'],
    // Half an hour forward and back.
    ['Australia/Lord_Howe', '2026-04-04T12:00:00Z'],
    ['Australia/Lord_Howe', '2026-10-03T12:00:00Z'],
  ] as const) {
    const slots = slotsOf({ cron: '*/30 * * * *', timeZone: zone });
    let at = ms(from) - 1;
    const found = Array.from({ length: 12 }, () => (at = slots.after(at)!));
    expect(found, zone).toEqual(Array.from({ length: 12 }, (_, i) => ms(from) + i * 30 * MINUTE));
  }
});

test('an hourly run comes in both of two equal hours, and a daily one at midnight is not moved', () => {
  expect(
    listed('0 * * * *', 'Europe/Berlin', '2026-10-25T00:00:00Z', '2026-10-25T03:00:00Z'),
  ).toEqual([
    '25 02:00 GMT+02:00',
    '25 02:00 GMT+01:00',
    '25 03:00 GMT+01:00',
    '25 04:00 GMT+01:00',
  ]);
  expect(listed('0 0 * * *', 'Europe/Berlin', ...spring)).toEqual([
    '29 00:00 GMT+01:00',
    '30 00:00 GMT+02:00',
  ]);
});

test('the last time before now is the one that a list of all times has before it', () => {
  const cases = [
    ['30 2 * * *', 'Europe/Berlin'],
    ['*/20 * * * *', 'America/New_York'],
    ['0 6 * * 1-5', 'Asia/Kolkata'],
    ['15 1,2,3 * * *', 'Europe/Berlin'],
  ] as const;
  for (const [cron, timeZone] of cases) {
    for (const around of ['2026-03-08', '2026-03-29', '2026-10-25', '2026-11-01']) {
      const slots = slotsOf({ cron, timeZone });
      const since = ms(`${around}T00:00:00Z`) - 3 * 86_400_000;
      const all: number[] = [];
      for (let at = slots.after(since)!; at < since + 6 * 86_400_000; at = slots.after(at)!)
        all.push(at);
      for (let now = since; now < since + 5 * 86_400_000; now += 7 * MINUTE + 13_000) {
        const expected = all.findLast((slot) => slot <= now);
        expect(
          slots.lastUpTo(now, since),
          `${cron} ${timeZone} ${new Date(now).toISOString()}`,
        ).toBe(expected);
      }
      expect(slots.lastUpTo(all[3]!, since)).toBe(all[3]);
      expect(slots.lastUpTo(all[3]! - 1, since)).toBe(all[2]);
      expect(slots.lastUpTo(all[3]!, all[3]!)).toBeUndefined();
    }
  }
});

test('a pace counts from 1970, so that a restart does not shift it', () => {
  const slots = slotsOf({ everyMs: 30_000 });
  expect(slots.after(ms('2026-01-01T00:00:10Z'))).toBe(ms('2026-01-01T00:00:30Z'));
  expect(slots.after(ms('2026-01-01T00:00:30Z'))).toBe(ms('2026-01-01T00:01:00Z'));
  expect(slots.lastUpTo(ms('2026-01-01T00:00:59Z'), 0)).toBe(ms('2026-01-01T00:00:30Z'));
  expect(slots.lastUpTo(ms('2026-01-01T00:00:59Z'), ms('2026-01-01T00:00:30Z'))).toBeUndefined();
});

test('a line that never comes, one that is none, and a pace that is too fast are told', () => {
  const fault = (cron: string) =>
    faultOfWhen({ cron, timeZone: 'UTC' }, ms('2026-01-01T00:00:00Z'));
  expect(fault('0 0 30 2 *')).toBe('The cron line "0 0 30 2 *" never comes: there is no such day.');
  expect(fault('61 * * * *')).toBe('"61 * * * *" is no cron line: Invalid value for minute: 61.');
  expect(fault('often')).toMatch(/^"often" is no cron line: /u);
  expect(fault('0 0 29 2 *')).toBeUndefined();
  expect(faultOfWhen({ everyMs: 999 }, 0)).toBe('A dataset is loaded at most once a second.');
  expect(faultOfWhen({ everyMs: 1000 }, 0)).toBeUndefined();
});
