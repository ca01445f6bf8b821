/** A way to read an address in another program. */
export interface Snippet {
  name: string;
  code: string;
}

/** Ready lines that read the frame of a picture, an Arrow stream at `address`. */
export function frameSnippets(address: string): Snippet[] {
  const url = JSON.stringify(address);
  return [
    { name: 'curl', code: `curl -o frame.arrows ${shellQuoted(address)}` },
    {
      name: 'pandas',
      code: `import urllib.request, pyarrow.ipc\n\nframe = pyarrow.ipc.open_stream(urllib.request.urlopen(${url})).read_pandas()`,
    },
    {
      name: 'polars',
      code: `import urllib.request, polars as pl\n\nframe = pl.read_ipc_stream(urllib.request.urlopen(${url}).read())`,
    },
    {
      name: 'DuckDB',
      code: `import duckdb, urllib.request, pyarrow.ipc\n\nframe = pyarrow.ipc.open_stream(urllib.request.urlopen(${url})).read_all()\nduckdb.sql("SELECT * FROM frame")`,
    },
    {
      name: 'R',
      code: `file <- tempfile()\ndownload.file(${url}, file, mode = "wb")\nframe <- arrow::read_ipc_stream(file)`,
    },
  ];
}

/** Ready lines that read the matching rows, Parquet at `address`. */
export function rowSnippets(address: string): Snippet[] {
  const url = JSON.stringify(address);
  return [
    { name: 'curl', code: `curl -o rows.parquet ${shellQuoted(address)}` },
    {
      name: 'pandas',
      code: `import io, urllib.request, pandas as pd\n\nrows = pd.read_parquet(io.BytesIO(urllib.request.urlopen(${url}).read()))`,
    },
    {
      name: 'polars',
      code: `import urllib.request, polars as pl\n\nrows = pl.read_parquet(urllib.request.urlopen(${url}).read())`,
    },
    {
      name: 'DuckDB',
      code: `curl -o rows.parquet ${shellQuoted(address)}\nduckdb -c "SELECT * FROM 'rows.parquet' LIMIT 10"`,
    },
    {
      name: 'R',
      code: `file <- tempfile()\ndownload.file(${url}, file, mode = "wb")\nrows <- arrow::read_parquet(file)`,
    },
  ];
}

/** A word of a shell that means itself, whatever is in it. */
export const shellQuoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
