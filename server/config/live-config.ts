import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { canonicalJson } from '../../protocol/canonical.js';
import type { Config } from '../../protocol/config/config.js';
import { problemInWords, type ConfigProblem } from '../../protocol/config/problem.js';
import type { Catalog } from '../catalog/catalog.js';
import { HalftoneError } from '../errors.js';
import type { EventHub } from '../events/hub.js';
import type { DatasetSource } from '../loader/source.js';
import { applyConfig, type AppliedDataset } from './apply.js';
import { filesNow } from './kinds/files.js';
import { openConfig, type OpenedConfig } from './open-config.js';

/** What is known of the configuration now. */
export interface ConfigState {
  /** Base name; null where there is no configuration file. */
  file: string | null;
  /** The last valid configuration. */
  config: Config | null;
  /** What is wrong with the file as it is now; the last valid one is in force meanwhile. */
  problems: readonly ConfigProblem[];
  /** Where a value of the last valid configuration is written. */
  placeOf?: OpenedConfig['placeOf'];
}

/** A configuration that is followed while the server runs. */
export interface LiveConfig {
  readonly state: ConfigState;
  /** The datasets of the last valid configuration, in its order. */
  readonly datasets: readonly AppliedDataset[];
  /** Whether a dataset of the catalog is from the configuration. */
  has(name: string): boolean;
  /** Called after a valid change is in force. */
  onChange(listener: () => void): () => void;
  /** Looks at the file, and puts in force what changed. */
  check(): Promise<void>;
  /** Looks for files that have come to a folder or a glob, have gone, or were missing. Reads none. */
  checkFiles(): Promise<void>;
}

export interface LiveConfigOptions {
  /** A valid one. */
  opened: OpenedConfig;
  catalog: Pick<Catalog, 'add' | 'addRefused' | 'replace' | 'remove'>;
  events: Pick<EventHub, 'publish'>;
  /** Takes what the operator should know, one message. */
  tell: (message: string) => void;
}

/** A server without a configuration file. */
export const NO_CONFIG: Pick<LiveConfig, 'state' | 'datasets'> = {
  state: { file: null, config: null, problems: [] },
  datasets: [],
};

/** Puts a configuration in force and keeps to it: a valid change comes into force, an invalid one is told. */
export function createLiveConfig({ opened, catalog, events, tell }: LiveConfigOptions): LiveConfig {
  const { path, references } = opened;
  const file = basename(path);
  const listeners = new Set<() => void>();
  let state: ConfigState = {
    file,
    config: opened.config!,
    problems: [],
    placeOf: opened.placeOf,
  };
  let datasets: AppliedDataset[] = [];
  /** What the catalog calls each dataset: a path of the command line may have its name already. */
  const names = new Map<string, string>();
  let seen: string | undefined;
  let pending: string | undefined;
  let checking: Promise<void> | undefined;

  function apply(): void {
    const before = new Map(datasets.map((dataset) => [dataset.name, dataset]));
    datasets = applyConfig(state.config!, references).map((after) => {
      // Files that are gone leave their rows: the catalog tells why nothing newer comes.
      const last = before.get(after.name);
      const isGone = after.error !== undefined && last !== undefined && last.error === undefined;
      return isGone && canonicalJson(after.options) === canonicalJson(last.options) ? last : after;
    });
    for (const name of before.keys()) {
      if (!datasets.some((dataset) => dataset.name === name)) drop(name);
    }
    for (const dataset of datasets) put(dataset, before.get(dataset.name));
  }

  function drop(name: string): void {
    catalog.remove(names.get(name)!);
    names.delete(name);
  }

  function put({ name, source, error }: AppliedDataset, before: AppliedDataset | undefined): void {
    const given = names.get(name);
    if (given !== undefined && before !== undefined) {
      const isSame =
        canonicalJson(source) === canonicalJson(before.source) &&
        error?.message === before.error?.message;
      if (isSame) return;
      // What is hidden now must not be answered from an older snapshot.
      if (error === undefined && before.error === undefined && !hidesMore(before.source, source)) {
        catalog.replace({ ...source, name: given });
        return;
      }
      drop(name);
    }
    const got = error === undefined ? catalog.add([source])[0]! : catalog.addRefused(source, error);
    names.set(name, got);
    if (got !== name) {
      tell(`${file}: "${name}" is called "${got}" here: there is a dataset "${name}" already.`);
    }
  }

  async function look(): Promise<void> {
    const now = await fingerprint(path);
    // An editor may still be writing: a file is read once it was the same at two looks.
    const isSettled = now === pending;
    pending = now;
    if (now === seen || !isSettled) return;
    seen = now;
    reload();
  }

  function reload(): void {
    let problems: readonly ConfigProblem[];
    try {
      const next = openConfig(path, { cwd: references.dir, env: references.env });
      ({ problems } = next);
      if (next.config !== undefined) {
        const restart = changedForRestart(state.config!, next.config);
        const isNews = canonicalJson(state.config) !== canonicalJson(next.config);
        const wasInvalid = state.problems.length > 0;
        state = { file, config: next.config, problems: [], placeOf: next.placeOf };
        if (isNews || wasInvalid) tell(`${file} was read again.`);
        if (restart.length > 0) {
          tell(`${file}: what changed in ${restart.join(' and ')} needs a restart.`);
        }
        apply();
        if (isNews || wasInvalid) announce();
        if (isNews) for (const listener of listeners) listener();
        return;
      }
    } catch (error) {
      if (!(error instanceof HalftoneError)) throw error;
      problems = [{ file, line: 1, column: 1, message: error.message }];
    }
    state = { ...state, problems };
    tell(
      `${problems.map(problemInWords).join('\n')}\n${file} is not valid: what was read before stays in force.`,
    );
    announce();
  }

  function announce(): void {
    events.publish({ name: 'config', data: { file, problems: state.problems } });
  }

  apply();
  return {
    get state() {
      return state;
    },
    get datasets() {
      return datasets;
    },
    has: (name) => [...names.values()].includes(name),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async checkFiles() {
      for (const dataset of datasets)
        if (await hasOtherFiles(dataset, references.dir)) return apply();
    },
    check() {
      checking ??= look().finally(() => (checking = undefined));
      return checking;
    },
  };
}

/** Whether a dataset would be read from other files now, or could be by now. */
async function hasOtherFiles(
  { options, source, error }: AppliedDataset,
  dir: string,
): Promise<boolean> {
  if (!('files' in options)) return false;
  const now = await filesNow(options.files, dir);
  return typeof now === 'string'
    ? now !== error?.message && error !== undefined
    : error !== undefined || canonicalJson(now) !== canonicalJson(source.files);
}

function hidesMore({ hide: before = [] }: DatasetSource, { hide = [] }: DatasetSource): boolean {
  return hide.some((column) => !before.includes(column));
}

/** Parts that are read at the start alone. */
function changedForRestart(before: Config, after: Config): string[] {
  return (['server', 'cache'] as const)
    .filter((part) => canonicalJson(before[part] ?? null) !== canonicalJson(after[part] ?? null))
    .map((part) => `"${part}"`);
}

async function fingerprint(path: string): Promise<string> {
  return stat(path).then(
    ({ size, mtimeMs, ino }) => `${size} ${mtimeMs} ${ino}`,
    (error: NodeJS.ErrnoException) => error.code ?? 'gone',
  );
}
