import { describe, expect, test } from 'vitest';
import type { Progress } from '../../../protocol/progress.js';
import {
  createLoadDisplay,
  describeProgress,
  formatCount,
} from '../../../server/cli/load-display.js';
import { printable } from '../../../server/cli/printable.js';
import { layOutTable } from '../../../server/cli/table.js';
import { describeDataset } from '../../../server/catalog/dataset.js';
import { HalftoneError } from '../../../server/errors.js';
import { fakeSnapshot, fakeSource } from '../helpers.js';
import { fakeTerminal } from './terminal.js';

const progress: Progress = {
  stage: 'reading',
  fraction: 0.427,
  rows: 8_400_000,
  bytes: 1.2e9,
  bytesTotal: 2.9e9,
  rowsPerSecond: 1_100_000,
  secondsLeft: 8.2,
};

test('says bytes, rows, rows a second, percent and the time left in a line', () => {
  expect(describeProgress('taxi', progress)).toBe(
    'taxi  42 %  1.2 GB of 2.9 GB  8.4 M rows  1.1 M rows/s  9 s left',
  );
  const { secondsLeft: _, bytesTotal: __, ...unknown } = progress;
  expect(
    describeProgress('taxi', { ...unknown, fraction: null, rowsPerSecond: 0, stage: 'checking' }),
  ).toBe('taxi  1.2 GB  8.4 M rows  checking');
});

describe('a load', () => {
  test('moves one line on a screen and takes it away at the end', () => {
    const { terminal, written, clock } = fakeTerminal({ isInteractive: true, columns: 20 });
    const display = createLoadDisplay(terminal);
    display.progress('taxi', progress);
    display.progress('taxi', progress);
    expect(written.err).toBe('taxi  42 %  1.2 GB ');
    clock.ms = 100;
    display.progress('taxi', progress);
    expect(written.err).toBe('taxi  42 %  1.2 GB \r\u001b[Ktaxi  42 %  1.2 GB ');
    display.settled(
      describeDataset({ source: fakeSource('taxi'), snapshots: [fakeSnapshot('taxi')] }),
    );
    expect(written.err.endsWith('\r\u001b[Ktaxi: 3 rows, 1 column\n')).toBe(true);
  });

  test('writes plain lines where nobody watches, and none for short loads', () => {
    const { terminal, written, clock } = fakeTerminal();
    const display = createLoadDisplay(terminal);
    for (clock.ms = 0; clock.ms < 25_000; clock.ms += 100) display.progress('taxi', progress);
    expect(written.err.match(/\n/gu)).toHaveLength(2);
    expect(written.err).not.toContain('\r');
    expect(written.err).not.toContain('\u001b');
    expect(written.out).toBe('');
  });

  test('tells once how many lines were set aside and values became null', () => {
    const { terminal, written } = fakeTerminal();
    const snapshot = fakeSnapshot('taxi');
    const report = { ...snapshot.manifest.report, setAside: 1, nulled: 2_500 };
    const manifest = { ...snapshot.manifest, report };
    createLoadDisplay(terminal).settled(
      describeDataset({ source: fakeSource('taxi'), snapshots: [{ ...snapshot, manifest }] }),
    );
    expect(written.err).toBe(
      'taxi: 3 rows, 1 column, 1 line set aside, 2,500 values did not fit and became null\n',
    );
  });

  test('that failed gives its sentence and its hint', () => {
    const { terminal, written } = fakeTerminal();
    const error = new HalftoneError('SOURCE_CORRUPT', 'a.parquet is damaged.', {
      hint: 'Copy it again.',
    });
    createLoadDisplay(terminal).settled(
      describeDataset({ source: fakeSource('a'), snapshots: [], error }),
      error,
    );
    expect(written.err).toBe('a: a.parquet is damaged.\n  Copy it again.\n');
  });
});

test('counts are short', () => {
  expect([0, 999, 9949, 9950, 999_499, 999_500, 12_345_678].map(formatCount)).toEqual(
    ['0', '999', '9949', '10 k', '999 k', '1.0 M', '12.3 M'],
  ); // prettier-ignore
});

test('text of a file cannot move the cursor', () => {
  expect(printable('\u001b[2Jevil\r\n\u202ex')).toBe('\\u001b[2Jevil\\u000d\\u000a\\u202ex');
  expect(printable('x'.repeat(50))).toHaveLength(40);
});

test('tables line up', () => {
  expect(layOutTable([['a', '1'], ['bbb', '22']], new Set([1]))).toBe('a     1\nbbb  22\n'); // prettier-ignore
});
