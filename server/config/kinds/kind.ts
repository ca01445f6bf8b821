import type { DatasetKind, DatasetOfKind } from '../../../protocol/config/dataset.js';
import type { DatasetSource } from '../../loader/source.js';
import type { ReferencePlace } from '../references.js';

/** What a dataset's source is made with. */
export interface KindContext {
  name: string;
  /** Where relative paths begin (`dir`), and where secrets are looked up when they are used. */
  references: ReferencePlace;
  /** All datasets of the configuration. */
  names: readonly string[];
}

/** Makes the source of one kind of dataset. Throws a HalftoneError where that cannot be. */
export type MakeSource<K extends DatasetKind> = (
  dataset: DatasetOfKind<K>,
  context: KindContext,
) => DatasetSource;
