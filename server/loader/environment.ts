import type { SourceKind } from '../snapshots/manifest.js';
import type { DatasetSource } from './source.js';

/** What any process needs to start, and whom it trusts. */
const BASIC = /^(?:PATH|SystemRoot|TEMP|TMP|TMPDIR|LD_LIBRARY_PATH|NODE_EXTRA_CA_CERTS)$/u;
/** What PostgreSQL's own tools go by; a password that stands there stays out of the configuration. */
const POSTGRES =
  /^(?:HOME|PG(?:HOST|PORT|USER|PASSWORD|PASSFILE|DATABASE|SSLMODE|OPTIONS|APPNAME))$/u;
/** What programs expect of a login: the person, the language, the time zone, where certificates are, which Python. */
const LOGIN =
  /^(?:HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_\w+|TZ|PATHEXT|APPDATA|LOCALAPPDATA|USERPROFILE|ProgramData|ComSpec|XDG_\w+|SSL_CERT_(?:FILE|DIR)|VIRTUAL_ENV|CONDA_PREFIX|PYTHONPATH|PYTHONHOME|R_LIBS\w*)$/u;

/** The variables of a loader child: what its kind of source needs, and nothing that the process around it may hold as secrets. */
export function childEnvironment(
  kind: SourceKind | undefined,
  all: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  return pick(all, (name) => BASIC.test(name) || (kind === 'postgres' && POSTGRES.test(name)));
}

/** The variables of a command: the usual ones, and those that its configuration gives it. */
export function commandEnvironment(
  { command }: Pick<DatasetSource, 'command'>,
  all: NodeJS.ProcessEnv,
): Record<string, string> | undefined {
  if (command === undefined) return undefined;
  return { ...pick(all, (name) => BASIC.test(name) || LOGIN.test(name)), ...command.env };
}

function pick(all: NodeJS.ProcessEnv, isKept: (name: string) => boolean): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(all)) {
    if (value !== undefined && isKept(name)) kept[name] = value;
  }
  return kept;
}
