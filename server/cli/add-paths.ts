import type { Catalog } from '../catalog/catalog.js';
import { findCached } from '../catalog/find-cached.js';
import { resolveSources, type ResolveOptions } from '../loader/sources/resolve-sources.js';
import type { DatasetSource } from '../loader/source.js';
import type { Services } from '../services.js';
import type { ServeOptions } from './serve-options.js';
import type { Terminal } from './terminal.js';

/** Takes in what the command line names; what cannot be loaded is shown as failed. Gives every name. */
export async function addPaths(
  paths: readonly string[],
  { separate, csv, strict, sql }: ServeOptions,
  { describe, catalogParts }: Pick<Services, 'describe' | 'catalogParts'>,
  catalog: Catalog,
  { cwd, err }: Terminal,
): Promise<string[]> {
  const { sources, warnings, problems } = await resolveSources(paths, {
    separate,
    csv,
    strict,
    cwd,
    describe,
  });
  for (const { message } of warnings) err(`${message}\n`);
  const computed = sql.map(({ name, query }): DatasetSource => {
    const shape = { kind: 'sql', files: [], united: false, csv, strict } as const;
    return { name, ...shape, sql: { query, inputs: sources } };
  });
  const names = catalog.add([...sources, ...computed]);
  for (const [i, { name }] of computed.entries()) {
    const free = names[sources.length + i]!;
    if (free === name) continue;
    err(`--sql ${name} is called "${free}" here: there is a dataset "${name}" already.\n`);
  }
  for (const { name, path, error } of problems) {
    const source = { name, files: [path], united: false, csv, strict };
    const isGone = error.code === 'SOURCE_MISSING' || error.code === 'SOURCE_UNREADABLE';
    const cached = isGone ? await findCached(source, catalogParts) : undefined;
    if (cached === undefined) names.push(catalog.addRefused({ ...source, kind: 'csv' }, error));
    else names.push(...catalog.add([cached]));
  }
  return names;
}

/** The sources of one path that a person gave while the server runs; throws what is wrong with the first of them. */
export async function openOne(
  path: string,
  name: string | undefined,
  how: ResolveOptions,
): Promise<DatasetSource[]> {
  const { sources, problems } = await resolveSources([path], how);
  if (problems[0] !== undefined) throw problems[0].error;
  return sources.map((source) => (name === undefined ? source : { ...source, name }));
}
