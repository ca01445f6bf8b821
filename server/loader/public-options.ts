import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { DatasetSource } from './source.js';

/**
 * What of a pulled source tells it from others, without what may be secret: passwords, and the values of headers and variables,
 * may change and it stays the same source. Arguments and the query of an address are told by their hash alone.
 */
export function publicOptions({ command, url, postgres, duckdb }: DatasetSource): object {
  return {
    ...(command === undefined
      ? {}
      : {
          command: {
            argv: hash(JSON.stringify(command.argv)),
            cwd: command.cwd,
            env: Object.keys(command.env ?? {}).sort(),
            format: command.format,
          },
        }),
    ...(url === undefined
      ? {}
      : {
          url: {
            href: publicUrl(url.href),
            search: hash(parsed(url.href)?.search ?? ''),
            headers: Object.keys(url.headers ?? {}).sort(),
            format: url.format,
          },
        }),
    ...(postgres === undefined ? {} : { postgres: publicPostgres(postgres) }),
    ...(duckdb === undefined ? {} : { duckdb }),
  };
}

/** Where the rows of a pulled source come from, for people; undefined for other kinds. */
export function describePulled({
  command,
  url,
  postgres,
  duckdb,
  files,
}: DatasetSource): string | undefined {
  if (command !== undefined) return commandName(command.argv);
  if (url !== undefined) return publicUrl(url.href);
  if (postgres !== undefined) {
    const { host, database } = publicPostgres(postgres);
    return `PostgreSQL${database === undefined ? '' : ` "${database}"`}${host === undefined ? '' : ` on ${host}`}`;
  }
  if (duckdb !== undefined) return basename(files[0]!);
  return undefined;
}

/** A program as sentences name it: `python pull.py`. Arguments may be secrets; the script that it runs is none. */
export function commandName([program = '', script]: readonly string[]): string {
  const name = basename(program);
  return script === undefined || !/^[\w./\\-]*\.\w+$/u.test(script) || script.startsWith('-')
    ? name
    : `${name} ${basename(script)}`;
}

/** An address without user, password, query and fragment; as it is written where that is no more than a reference. */
export function publicUrl(href: string): string {
  const url = parsed(href);
  return url === undefined ? referenceIn(href) : `${url.origin}${url.pathname}`;
}

function parsed(address: string): URL | undefined {
  return URL.canParse(address) ? new URL(address) : undefined;
}

/** What stands for an address, without anything that is written around it. */
function referenceIn(text: string): string {
  return /\$\{[^}]*\}/u.exec(text)?.[0] ?? '';
}

/** Where a PostgreSQL is and who asks it. */
export function publicPostgres({ url, query, ...given }: NonNullable<DatasetSource['postgres']>): {
  host?: string;
  port?: number;
  user?: string;
  database?: string;
  query: string;
  appendBy?: string;
} {
  const { password: _password, connectMs: _connectMs, ...own } = given;
  return { ...(url === undefined ? {} : partsOfUrl(url)), ...own, query };
}

function partsOfUrl(url: string): object {
  const address = parsed(url);
  if (address === undefined) return { url: referenceIn(url) };
  const { hostname, port, username, pathname } = address;
  return {
    ...(hostname === '' ? {} : { host: decodeURIComponent(hostname) }),
    ...(port === '' ? {} : { port: Number(port) }),
    ...(username === '' ? {} : { user: decodeURIComponent(username) }),
    ...(pathname.length > 1 ? { database: decodeURIComponent(pathname.slice(1)) } : {}),
  };
}

function hash(text: string): string | undefined {
  return text === '' ? undefined : createHash('sha256').update(text).digest('hex').slice(0, 32);
}
