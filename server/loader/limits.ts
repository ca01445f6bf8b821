/** More columns than this are refused; of a CSV before DuckDB sees the file. */
export const MAX_COLUMNS = 4096;
