import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { PlantedBug } from './planted-bugs.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** A copy of the built workers that can be spoilt. */
export interface WorkerCopy {
  /** The address of its `tasks.js`. */
  tasks: string;
  remove(): Promise<void>;
}

/** Copies what Piscina loads, and plants a bug in the copy. */
export async function copyWorkers(bug?: PlantedBug): Promise<WorkerCopy> {
  const folder = await mkdtemp(join(tmpdir(), 'halftone-planted-'));
  for (const part of ['protocol', 'workers']) {
    await cp(join(ROOT, 'dist', part), join(folder, 'dist', part), { recursive: true });
  }
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n');
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  if (bug !== undefined) await plant(bug, folder);
  return {
    tasks: pathToFileURL(join(folder, 'dist', 'workers', 'tasks.js')).href,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function plant({ file, find, replace }: PlantedBug, folder: string): Promise<void> {
  if (!file.endsWith('.ts')) {
    await replaceIn(join(folder, 'dist', 'workers', file), find, replace);
    return;
  }
  const assembly = join(folder, 'assembly');
  await cp(join(ROOT, 'workers', 'kernels', 'assembly'), assembly, { recursive: true });
  await replaceIn(join(assembly, file), find, replace);
  const build = (await import(new URL('../../server/build-kernels.mjs', import.meta.url).href)) as {
    buildKernels: (source: string, folder: string) => void;
  };
  build.buildKernels(join(assembly, 'kernels.ts'), join(folder, 'dist', 'workers', 'kernels'));
}

async function replaceIn(path: string, find: string, replace: string): Promise<void> {
  const text = await readFile(path, 'utf8');
  if (!text.includes(find)) throw new Error(`Expected "${find}" in ${path}: plant the bug anew.`);
  await writeFile(
    path,
    text.replace(find, () => replace),
  );
}
