// Apart from the schemas: the page reads names and values without TypeBox.
import type { Parameters, ParameterType, ParameterValue } from './parameters.js';

const MAX_TEXT = 1000;
const DATE = /^\d{4}-\d{2}-\d{2}$/u;
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?$/u;

/** The value that a text stands for; undefined where it is not of the type. */
export function parseParameter(type: ParameterType, text: string): ParameterValue | undefined {
  switch (type) {
    case 'text':
      return text.length <= MAX_TEXT && !/\p{Cs}/u.test(text) ? text : undefined;
    case 'integer': {
      const value = Number(text);
      return /^-?\d+$/u.test(text) && Number.isSafeInteger(value) ? value : undefined;
    }
    case 'number': {
      const value = Number(text);
      return text.trim() !== '' && Number.isFinite(value) ? value : undefined;
    }
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : undefined;
    case 'date':
      return DATE.test(text) && isDay(text) ? text : undefined;
    case 'timestamp': {
      const plain = text.replace(' ', 'T');
      return TIMESTAMP.test(text) &&
        isDay(text.slice(0, 10)) &&
        !Number.isNaN(Date.parse(`${plain}Z`))
        ? plain
        : undefined;
    }
  }
}

/** The 30th of February is none. */
function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** A name with parameters, as in `sales?region=East&year=2024`, in its two parts; undefined where it has none. */
export function splitName(name: string): { base: string; query: string } | undefined {
  const at = name.indexOf('?');
  return at < 0 ? undefined : { base: name.slice(0, at), query: name.slice(at + 1) };
}

/** The canonical name of a combination: parameters in the order they are declared, without those at their default. */
export function instanceName(
  base: string,
  parameters: Parameters,
  values: Readonly<Record<string, ParameterValue>>,
): string {
  const own = Object.entries(parameters).flatMap(([key, parameter]) =>
    Object.hasOwn(values, key) && values[key] !== parameter.default ? [[key, values[key]!]] : [],
  );
  return own.length === 0 ? base : `${base}?${queryOfValues(Object.fromEntries(own))}`;
}

/** Values of parameters as they stand behind the name of their dataset. */
export const queryOfValues = (values: Readonly<Record<string, ParameterValue>>): string =>
  Object.entries(values)
    .map(([key, value]) => `${formEncoded(key)}=${formEncoded(String(value))}`)
    .join('&');

/** As `URLSearchParams` writes it, which is not there without a browser or Node. */
const formEncoded = (text: string): string =>
  encodeURIComponent(text)
    .replace(/[!'()~]/gu, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
