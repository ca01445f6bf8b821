import { expect, test } from 'vitest';
import { describeSelection } from '../../../../client/app/dashboard/describe-selection.js';

const night = {
  op: 'range',
  column: 't',
  min: '2025-10-26T00:30:00Z',
  max: '2025-10-26T01:30:00.5Z',
} as const;

test('a span of time is told on the wall of the zone of its chart, with its offsets', () => {
  expect(describeSelection([night], 'Europe/Berlin')).toBe(
    't 2025-10-26 02:30:00+02:00 – 2025-10-26 02:30:00+01:00',
  );
});

test('without a zone it is told as it is written, midnight as the day', () => {
  expect(describeSelection([night])).toBe('t 2025-10-26T00:30:00Z – 2025-10-26T01:30:00');
  expect(
    describeSelection([{ op: 'range', column: 't', min: '2025-10-26T00:00:00Z', max: 5 }]),
  ).toBe('t 2025-10-26 – 5');
});
