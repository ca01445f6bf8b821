import { HalftoneError } from '../../errors.js';
import { nearest } from '../../nearest.js';
import type { CsvOptions } from '../source.js';

const KEYS = [
  'delim',
  'quote',
  'escape',
  'decimal',
  'encoding',
  'header',
  'nulls',
  'types',
] as const;
type Key = (typeof KEYS)[number];

/** Words for characters that a shell or an eye does not like. */
const CHARACTERS: Readonly<Record<string, string>> = {
  tab: '\t', '\\t': '\t', comma: ',', semicolon: ';', pipe: '|', space: ' ', none: '',
}; // prettier-ignore

/**
 * Reads `--csv delim=;,decimal=,,encoding=latin1,types.zip=text,header=false,nulls=N/A|-`. Items are separated by
 * commas; a comma that is not followed by `key=` belongs to the value, so `decimal=,` needs no quotes.
 */
export function parseCsvOptions(text: string): CsvOptions {
  const options: CsvOptions = {};
  const types: Record<string, string> = {};
  for (const item of itemsOf(text)) {
    const at = item.indexOf('=');
    const name = at < 0 ? item : item.slice(0, at);
    if (at < 0) throw usage(item, name, `needs a value, as in ${sampleOf(name)}`);
    const value = item.slice(at + 1);
    if (name.startsWith('types.')) {
      const column = name.slice('types.'.length);
      if (column === '') throw usage(item, name, 'names no column');
      if (!/^[A-Za-z][\w ]*(?:\(\d+(?:,\s*\d+)?\))?$/.test(value)) {
        throw usage(item, name, 'names no type');
      }
      types[column] = value;
      continue;
    }
    setOption(options, item, name, value);
  }
  return Object.keys(types).length === 0 ? options : { ...options, types };
}

/** Cuts at commas behind which another `key=` stands, or nothing. */
function itemsOf(text: string): string[] {
  if (text.trim() === '') throw usage(text, '', 'is empty');
  return text.split(/,(?=\s*[A-Za-z]+(?:\.[^=,]+)?=)/).map((item) => item.trimStart());
}

function setOption(options: CsvOptions, item: string, name: string, value: string): void {
  switch (name as Key | 'delimiter') {
    case 'delim':
    case 'delimiter':
      options.delimiter = character(item, name, value);
      if (options.delimiter === '') throw usage(item, name, 'must be one character');
      return;
    case 'quote':
      options.quote = character(item, name, value);
      return;
    case 'escape':
      options.escape = character(item, name, value);
      return;
    case 'decimal':
      if (value !== ',' && value !== '.') throw usage(item, name, 'must be a comma or a point');
      options.decimal = value;
      return;
    case 'encoding':
      options.encoding = encoding(item, value);
      return;
    case 'header':
      if (value !== 'true' && value !== 'false') throw usage(item, name, 'must be true or false');
      options.header = value === 'true';
      return;
    case 'nulls':
      options.nulls = value.split('|');
      return;
    default:
      throw usage(item, name, 'is not known');
  }
}

function character(item: string, name: string, value: string): string {
  const sign = CHARACTERS[value] ?? value;
  if (sign.length > 1 || /[\r\n]/.test(sign) || sign.charCodeAt(0) > 126) {
    throw usage(item, name, 'must be one ASCII character');
  }
  return sign;
}

function encoding(item: string, value: string): string {
  try {
    return new TextDecoder(value).encoding;
  } catch {
    throw usage(item, 'encoding', 'is not known; try utf-8, utf-16le, windows-1252');
  }
}

const sampleOf = (name: string): string =>
  name === 'header' ? 'header=false' : name === 'encoding' ? 'encoding=windows-1252' : 'delim=;';

function usage(item: string, name: string, why: string): HalftoneError {
  const near = KEYS.some((key) => key === name)
    ? undefined
    : nearest(name, [...KEYS, 'types.COLUMN']);
  const subject = item === '' ? '--csv' : `--csv ${item}: ${name === item ? 'it' : name}`;
  return new HalftoneError('CONFIG_INVALID', `${subject} ${why}.`, {
    field: name === '' ? '--csv' : `--csv ${name}`,
    hint:
      near === undefined
        ? `The keys are ${KEYS.join(', ')}; types are said as types.COLUMN=text.`
        : `Did you mean "${near}"?`,
  });
}
