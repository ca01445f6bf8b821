/** What is taken out of Halftone: the picture's own numbers, or every matching row. */
export type Taken = 'picture' | 'rows';

/** Lines for one program that get the data behind an address. */
export interface ApiLines {
  name: string;
  lines: string;
}

/** What the lines are about. */
export interface ApiSubject {
  /** Where the frame is, absolute; undefined where the query is too long to stand in an address. */
  frame: string | undefined;
  /** Where the matching rows are as Parquet, absolute. */
  rows: string;
  /** The dataset: files are named after it. */
  dataset: string;
}

/** Lines ready to be pasted for what is taken; none where it has no address. */
export function apiLines(taken: Taken, { frame, rows, dataset }: ApiSubject): ApiLines[] {
  const file = fileName(dataset);
  if (taken === 'rows') return rowsLines(rows, `${file}.parquet`);
  return frame === undefined ? [] : frameLines(frame, `${file}.arrows`);
}

function rowsLines(url: string, file: string): ApiLines[] {
  return [
    { name: 'curl', lines: `curl -o ${file} '${url}'` },
    { name: 'pandas', lines: `import pandas as pd\n\ndf = pd.read_parquet("${url}")` },
    { name: 'polars', lines: `import polars as pl\n\ndf = pl.read_parquet("${url}")` },
    {
      name: 'DuckDB',
      lines: `curl -o ${file} '${url}'\nduckdb -c "SELECT * FROM '${file}' LIMIT 10"`,
    },
    {
      name: 'R',
      lines: `download.file("${url}", "${file}", mode = "wb")\ndf <- arrow::read_parquet("${file}")`,
    },
  ];
}

function frameLines(url: string, file: string): ApiLines[] {
  const open = `from urllib.request import urlopen\n`;
  const python = `import pyarrow as pa\n${open}\n`;
  return [
    { name: 'curl', lines: `curl -o ${file} '${url}'` },
    {
      name: 'pandas',
      lines: `${python}df = pa.ipc.open_stream(urlopen("${url}")).read_pandas()`,
    },
    {
      name: 'polars',
      lines: `import polars as pl\n${open}\ndf = pl.read_ipc_stream(urlopen("${url}").read())`,
    },
    {
      name: 'DuckDB',
      lines: `import duckdb\n${python}frame = pa.ipc.open_stream(urlopen("${url}")).read_all()\nduckdb.sql("FROM frame").show()`,
    },
    {
      name: 'R',
      lines: `download.file("${url}", "${file}", mode = "wb")\ndf <- arrow::read_ipc_stream("${file}")`,
    },
  ];
}

/** A name that no shell and no program reads anything into. */
const fileName = (dataset: string): string => dataset.replace(/[^\w-]+/gu, '_') || 'rows';
