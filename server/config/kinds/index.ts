import {
  kindOfDataset,
  type ConfigDataset,
  type DatasetKind,
} from '../../../protocol/config/dataset.js';
import { HalftoneError } from '../../errors.js';
import type { DatasetSource } from '../../loader/source.js';
import { filesSource } from './files.js';
import type { KindContext, MakeSource } from './kind.js';
import { sqlSource } from './sql.js';

/** How each kind of dataset gets its source; a kind that is not here is told so. */
const KINDS: { [K in DatasetKind]?: MakeSource<K> } = {
  files: filesSource,
  sql: sqlSource,
};

/** The source of a dataset. Throws a HalftoneError that says why there is none. */
export function sourceOf(dataset: ConfigDataset, context: KindContext): DatasetSource {
  const kind = kindOfDataset(dataset);
  // The kind says which shape the options have.
  const make = KINDS[kind] as
    ((options: ConfigDataset, context: KindContext) => DatasetSource) | undefined;
  if (make !== undefined) return make(dataset, context);
  throw new HalftoneError(
    'SOURCE_KIND_UNKNOWN',
    `"${context.name}" is of the kind "${kind}", which this version cannot load yet.`,
  );
}
