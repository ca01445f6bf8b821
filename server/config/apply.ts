import type { Config } from '../../protocol/config/config.js';
import type { ConfigDataset } from '../../protocol/config/dataset.js';
import { scheduleOf } from '../../protocol/schedule.js';
import { HalftoneError } from '../errors.js';
import type { DatasetSource } from '../loader/source.js';
import { namedFiles } from './kinds/files.js';
import { sourceOf } from './kinds/index.js';
import type { ReferencePlace } from './references.js';

/** A dataset as the configuration has it now. */
export interface AppliedDataset {
  name: string;
  /** All that is written about it. Secrets are as they are written. */
  options: ConfigDataset;
  /** Where there is none, something that says what it would have been. */
  source: DatasetSource;
  /** Why it has no source: no file is there, or this version cannot load its kind. */
  error?: HalftoneError;
}

/** Finds the sources of all datasets, in the order of the file. What cannot be had is told by its `error`. */
export function applyConfig(
  { datasets = {} }: Pick<Config, 'datasets'>,
  references: ReferencePlace,
): AppliedDataset[] {
  const names = Object.keys(datasets);
  return Object.entries(datasets).map(([name, options]) => {
    try {
      const source = withSchedule(sourceOf(options, { name, references, names }), options);
      return { name, options, source };
    } catch (error) {
      if (!(error instanceof HalftoneError)) throw error;
      return { name, options, source: placeholder(name, options, references), error };
    }
  });
}

function withSchedule(source: DatasetSource, { refresh }: ConfigDataset): DatasetSource {
  return refresh === undefined ? source : { ...source, schedule: scheduleOf(refresh) };
}

function placeholder(name: string, options: ConfigDataset, { dir }: ReferencePlace): DatasetSource {
  const files = 'files' in options ? namedFiles(options.files, dir) : [];
  return { name, kind: 'csv', files, united: files.length > 1, csv: {}, strict: false };
}
