import { Command, CommanderError, Option } from 'commander';
import type { BenchFlags } from './bench.js';
import { addCacheCommand } from './cache.js';
import type { InspectFlags } from './inspect.js';
import { findConfiguration } from './find-configuration.js';
import { describeError, EXIT, exitCodeOf } from './exit-codes.js';
import { readServeOptions, type ServeFlags } from './serve-options.js';
import type { RefreshFlags } from './refresh.js';
import type { Terminal } from './terminal.js';
import type { ValidateFlags } from './validate.js';
import type { VerifyFlags } from './verify.js';

const collect = (value: string, before: string[]): string[] => [...before, value];

/** What every command works with; `stop` fires on the first signal. */
export interface ProgramOptions {
  terminal: Terminal;
  version: string;
  stop: AbortSignal;
}

/** The commands and their options; `done` is told the exit code of the command that ran. */
export function createProgram(
  { terminal, version, stop }: ProgramOptions,
  done: (code: number) => void = () => {},
): Command {
  const program = new Command('halftone')
    .description('Every row of a table of millions, interactive, in a browser tab.')
    .version(version)
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .showSuggestionAfterError()
    .exitOverride();

  const serveCommand = program
    .command('serve', { isDefault: true })
    .description('serve files, folders or globs: CSV, TSV, Parquet, Arrow, JSON lines')
    .argument('[paths...]', 'what to serve; without any, a page to open files from')
    .option(
      '--port <number>',
      'where to listen; 0 takes any free port (default: 8642 or the next free one)',
    )
    .option(
      '--host <address>',
      'the address to listen on; beyond this machine it needs a token (default: 127.0.0.1)',
    )
    .option('--allow-host <name>', 'a host name that requests may use (repeatable)', collect, [])
    .option('--base-path <path>', 'the path below which everything is served (default: /)')
    .option(
      '--config <file>',
      'a configuration file (default: halftone.yaml here, where no paths are given)',
    )
    .option('--cache-dir <folder>', "where columns are cached (default: the user's cache folder)")
    .option('--memory-limit <size>', 'memory for data and queries: 4GB, 512MiB, 50% (default: 50%)')
    .option('--workers <number>', 'worker threads (default: one a core)')
    .addOption(new Option('--open', 'open a browser (default: on a terminal)'))
    .addOption(new Option('--no-open', 'open no browser'))
    .option('--read-only', 'refuse whatever changes what is served or cached')
    .option('--token <secret>', 'ask every request for this token (or HALFTONE_TOKEN)')
    .option(
      '--sql <name=select>',
      'a dataset computed from the files at load (repeatable)',
      collect,
      [],
    )
    .option(
      '--csv <settings>',
      'how CSV files are read: delim=;,decimal=,,types.zip=text',
      collect,
      [],
    )
    .option('--strict', 'refuse files that are not clean instead of setting lines aside')
    .option('--separate', 'keep files apart that would make one dataset')
    .option('--samples', 'serve the samples that come with Halftone')
    .action(async (paths: string[], flags: ServeFlags) => {
      // Commands are loaded when they run: help and a wrong option answer at once.
      const configuration = await findConfiguration(paths, flags, terminal);
      const options = readServeOptions(flags, terminal, configuration);
      const { createPool } = await import('../pool.js');
      // The threads start while this one loads the rest of the server.
      const pool = createPool(options.workers === undefined ? {} : { threads: options.workers });
      const { serve } = await import('./serve.js');
      done(await serve(paths, options, { terminal, stop, pool, configuration }));
    });

  program
    .command('inspect')
    .description('describe a file: columns, rows, nulls, extremes, encoding, warnings')
    .argument('<file>', 'a file, a folder or a quoted glob')
    .option('--json', 'as JSON')
    .option('--csv <settings>', 'how CSV files are read', collect, [])
    .option('--strict', 'refuse a file that is not clean')
    .option('--cache-dir <folder>', "where columns are cached (default: the user's cache folder)")
    .action(async (file: string, flags: InspectFlags) => {
      const { inspect } = await import('./inspect.js');
      await inspect(file, flags, terminal, stop);
    });

  program
    .command('verify')
    .description('prove a frame by plain SQL over its source')
    .argument('<link>', 'the address of a page or of a frame, or a file with a query')
    .argument('[paths...]', 'the files it is about: without a server')
    .option('--server <address>', 'where the server runs, if the link does not say')
    .option('--token <secret>', "the server's token (or HALFTONE_TOKEN)")
    .option('--json', 'as JSON')
    .option('--csv <settings>', 'how CSV files are read', collect, [])
    .option('--strict', 'refuse files that are not clean')
    .option('--cache-dir <folder>', "where columns are cached (default: the user's cache folder)")
    .action(async (link: string, paths: string[], flags: VerifyFlags) => {
      const { verify } = await import('./verify.js');
      done(await verify(link, paths, flags, { terminal, stop }));
    });

  program
    .command('refresh')
    .description('load datasets of a server that runs anew, and wait')
    .argument('[names...]', 'the datasets; all without any')
    .option(
      '--url <address>',
      'where the server is (default: the one that writes the cache folder)',
    )
    .option('--token <secret>', "the server's token (or HALFTONE_TOKEN)")
    .option('--cache-dir <folder>', "the server's cache folder (default: the user's)")
    .option('--force', 'take the new version even where a guard refuses it')
    .option('--json', 'the runs as JSON')
    .action(async (names: string[], flags: RefreshFlags) => {
      const { refresh } = await import('./refresh.js');
      done(await refresh(names, flags, { terminal, stop }));
    });

  addCacheCommand(program, terminal, done);

  program
    .command('bench')
    .description('time the pictures of files on this machine, and prove each by SQL')
    .argument('<paths...>', 'files, folders or quoted globs')
    .option('--rounds <number>', 'how often each picture is computed', '20')
    .option('--json', 'as JSON')
    .option('--csv <settings>', 'how CSV files are read', collect, [])
    .option('--strict', 'refuse files that are not clean')
    .option('--cache-dir <folder>', "where columns are cached (default: the user's cache folder)")
    .action(async (paths: string[], flags: BenchFlags) => {
      const { bench } = await import('./bench.js');
      done(await bench(paths, flags, { terminal, stop }));
    });

  program
    .command('doctor')
    .description('check what Halftone needs of this machine')
    .option('--cache-dir <folder>', 'the cache folder to check')
    .action(async (flags: { cacheDir?: string }) => {
      const { doctor } = await import('./doctor.js');
      done(await doctor(flags.cacheDir, terminal));
    });

  program
    .command('validate')
    .description('check a configuration: every problem with file, line and column')
    .argument('[file]', 'the configuration (default: halftone.yaml here)')
    .option('--json', 'as JSON')
    .action(async (file: string | undefined, flags: ValidateFlags) => {
      const { validate } = await import('./validate.js');
      done(validate(file, flags, terminal));
    });

  program
    .command('schema')
    .description('print the JSON Schema of the configuration')
    .action(async () => {
      const { schema } = await import('./schema.js');
      schema(terminal);
    });

  program
    .command('init')
    .description('write a commented halftone.yaml for files')
    .argument('[paths...]', 'files, folders or quoted globs')
    .action(async (paths: string[]) => {
      const { init } = await import('./init.js');
      init(paths, terminal);
    });

  return program.addHelpText('after', () => `\n${serveCommand.helpInformation()}`);
}

/** Reads the arguments, runs the command, gives the exit code. */
export async function runCommandLine(
  args: readonly string[],
  options: ProgramOptions,
): Promise<number> {
  const { terminal } = options;
  let code: number = EXIT.ok;
  const program = createProgram(options, (result) => {
    code = result;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    // Commander has written its own sentence; help and version are no errors.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    terminal.err(`${describeError(error)}\n`);
    return exitCodeOf(error);
  }
}
