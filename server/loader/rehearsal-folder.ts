import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where the loader child of this number rehearses; its parent removes what it leaves there if it is killed. */
export function rehearsalFolder(pid: number): string {
  return join(tmpdir(), `halftone-rehearsal-${pid}`);
}
