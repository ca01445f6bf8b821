import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BROWSER } from '../helpers/browser.js';

/** Of util-linux, which every Linux with a root has. */
const SETPRIV = '/usr/bin/setpriv';

/**
 * The path of the browser as a person has it, who is not root. To root's Chromium the kernel grants a priority of −8 for all threads that
 * draw, and with software GL these take the processors from the page. `folder` gets a script; elsewhere it is the browser itself.
 */
export function ordinaryBrowser(folder: string): string {
  if (process.getuid?.() !== 0 || !existsSync(SETPRIV)) return BROWSER!;
  const path = join(folder, 'browser.sh');
  const drop = `${SETPRIV} --bounding-set=-sys_nice --inh-caps=-sys_nice`;
  writeFileSync(path, `#!/bin/sh\nexec ${drop} '${BROWSER}' "$@"\n`, { mode: 0o755 });
  return path;
}
