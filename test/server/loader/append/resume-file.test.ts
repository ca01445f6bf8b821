import { renameSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AppendBase } from '../../../../server/loader/append/append-base.js';
import { NotAnAppend } from '../../../../server/loader/append/not-an-append.js';
import {
  readResume,
  writeResume,
  type Resume,
} from '../../../../server/loader/append/resume-file.js';
import { temporaryFolder } from '../load-file.js';

const LEFT: Resume = {
  encoding: { columns: [], sampler: { threshold: 1, rows: new Float64Array([1, 2]), seen: 3 } },
  source: { known: [1n, null] },
};

let folder: ReturnType<typeof temporaryFolder>;
let base: AppendBase;
beforeEach(async () => {
  folder = temporaryFolder();
  const resume = (await writeResume(folder.dir, LEFT))!;
  base = { dir: folder.dir, rows: 3, columns: [], segments: [], resume, files: 1, isLastChanged: false }; // prettier-ignore
});
afterEach(() => folder.remove());

test('what a load leaves is what the next one reads', async () => {
  expect(await readResume(base)).toEqual(LEFT);
});

test('what was damaged is not read', async () => {
  truncateSync(join(folder.dir, base.resume.file), 10);
  await expect(readResume(base)).rejects.toThrow(NotAnAppend);
});

test('what another version left is not read, whole as it is', async () => {
  const file = 'resume.bin';
  renameSync(join(folder.dir, base.resume.file), join(folder.dir, file));
  const other = { ...base, resume: { ...base.resume, file } };
  await expect(readResume(other)).rejects.toThrow('another version');
});
