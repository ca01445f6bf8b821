/** Formats of texts that no pattern can tell, by the word that a schema names in `format`. */
export const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  'time-zone': isTimeZone,
  encoding: isEncoding,
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
