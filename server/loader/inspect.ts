import type { ColumnInfo } from '../../protocol/column.js';
import type { Finding } from '../../protocol/dataset.js';
import type { SourceKind } from '../snapshots/manifest.js';

/** What `halftone inspect` tells of a source. */
export interface Inspection {
  kind: SourceKind;
  /** File names without their folders. */
  files: string[];
  bytes: number;
  rows: number;
  columns: (ColumnInfo & {
    /** How the column would be kept: the widest storage of its segments. */
    storage: string;
  })[];
  encoding?: string;
  dialect?: { delimiter: string; quote: string; decimal: string; header: boolean };
  warnings: Finding[];
}
