import { COLUMN_TYPE_NAMES, columnType } from '../../protocol/config/column-type.js';

/** Formats of texts that no pattern can tell, by the word that a schema names in `format`. */
export const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  'time-zone': isTimeZone,
  encoding: isEncoding,
  'column-type': (text) => columnType(text) !== undefined,
};

/** The words of a format that has few enough to be near one. */
export const FORMAT_WORDS: Readonly<Record<string, readonly string[]>> = {
  encoding: ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'iso-8859-1', 'latin1'],
  'time-zone': [...Intl.supportedValuesOf('timeZone'), 'UTC'],
  'column-type': COLUMN_TYPE_NAMES,
};

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name }).format(0);
    return true;
  } catch {
    return false;
  }
}

function isEncoding(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== '';
  } catch {
    return false;
  }
}
