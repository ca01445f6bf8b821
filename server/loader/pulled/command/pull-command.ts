import { join } from 'node:path';
import type { LoadOutcome, PullContext } from '../../context.js';
import { loadPulled } from '../load-pulled.js';
import { runCommand } from './run-command.js';

/** Runs a program and loads the rows that it prints. A program that fails has none. */
export async function pullCommand(context: PullContext): Promise<LoadOutcome> {
  // Findings name the file: it is called what it is.
  const path = join(context.tempDir, 'stdout');
  await runCommand(context, path);
  return loadPulled(context, path, context.source.command!.format);
}
