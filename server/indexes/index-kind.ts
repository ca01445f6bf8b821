import type { BuiltPart, IndexPartTask } from '../../workers/index-part.js';
import type { Pool } from '../pool.js';

/** A kind of index over columns, made batch by batch: what is known of one batch does not depend on the others. */
export interface IndexKind {
  /** Begins the name of its files. */
  name: string;
  /** Raised when its bytes mean something else; a file of another version is built anew. */
  version: number;
  /** The index that is built before it, of which each batch gets its part: so that the same is not found out twice. */
  over?(columns: readonly number[]): IndexOf;
  /** Builds the part of one batch in a worker; the table holds the columns of the index, in order. */
  build(pool: Pool, task: IndexPartTask): Promise<BuiltPart>;
  /** Bytes of the part of a batch, where they follow from its rows. */
  bytesOf?(rows: number): number;
}

/** An index of a snapshot: its kind, and positions of columns in the snapshot in an order that means something to the kind. */
export interface IndexOf {
  kind: IndexKind;
  columns: readonly number[];
}
