import { closeSync, fstatSync, openSync } from 'node:fs';
import type { CsvLedger } from './ledger.js';
import { bytesOfFile } from '../byte-source.js';
import { RecordReader } from './record-reader.js';
import type { ScanTask } from './scan-csv.js';

/** Finds the line of a row again: from the last landmark in front of it on. */
export function lineOfRow(task: ScanTask, { landmarks }: CsvLedger, row: number): number {
  const before = landmarks.findLastIndex((landmark) => landmark.row <= row);
  const {
    row: first,
    line,
    offset,
  } = landmarks[before] ?? { row: 0, line: task.dataLine, offset: task.dataStart };
  const fd = openSync(task.path, 'r');
  try {
    const source = bytesOfFile(fd, fstatSync(fd).size, task.name);
    const reader = new RecordReader(source, task.dialect, { offset, line, width: task.width });
    let at = first - 1;
    while (at < row && reader.read()) {
      const isRow =
        reader.fields === task.width && !reader.broken && !(reader.blank && task.width > 1);
      if (isRow) at++;
    }
    return reader.line;
  } finally {
    closeSync(fd);
  }
}
