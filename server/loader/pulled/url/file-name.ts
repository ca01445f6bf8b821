/** The end of a name by the media type of a body. */
const ENDINGS: Readonly<Record<string, string>> = {
  'text/csv': '.csv',
  'text/tab-separated-values': '.tsv',
  'application/json': '.json',
  'application/x-ndjson': '.ndjson',
  'application/jsonl': '.ndjson',
  'application/vnd.apache.parquet': '.parquet',
  'application/vnd.apache.arrow.file': '.arrow',
  'application/vnd.apache.arrow.stream': '.arrows',
};
const MAX_CHARACTERS = 80;

/** What the file of an address is called, in sentences too: the end of its path, or what its media type says. */
export function fileNameOf(url: URL, mediaType = ''): string {
  const [, last = ''] = /([^/]*)\/?$/u.exec(url.pathname) ?? [];
  const name = decoded(last)
    .replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')
    .slice(-MAX_CHARACTERS);
  const plain = name.replace(/^[.-]+/u, '') || 'data';
  if (plain.includes('.')) return plain;
  return plain + (ENDINGS[mediaType.split(';')[0]!.trim().toLowerCase()] ?? '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
