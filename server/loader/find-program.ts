import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The first file of this name that may be run, in the folders of a PATH. */
export function findProgram(name: string, path = ''): string | undefined {
  for (const folder of path.split(delimiter)) {
    const file = join(folder, name);
    if (isProgram(file)) return file;
  }
  return undefined;
}

/** True where a file may be run. */
export function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
