import { lazy } from '../lazy.js';

/** The table of rows, whose code comes beside the picture's. */
export const DataTable = lazy(async () => (await import('./data-table.js')).DataTable);
