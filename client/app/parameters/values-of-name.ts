import { parseParameter, splitName } from '../../../protocol/parameter-names.js';
import type { Parameters, ParameterValue } from '../../../protocol/parameters.js';

/** The values of all parameters of a combination, by its name; what is wrong in it is at its default. */
export function valuesOfName(
  name: string,
  parameters: Parameters,
): Readonly<Record<string, ParameterValue>> {
  const given = new URLSearchParams(splitName(name)?.query ?? '');
  return Object.fromEntries(
    Object.entries(parameters).map(([key, { type, default: standard }]) => {
      const text = given.get(key);
      return [key, (text === null ? undefined : parseParameter(type, text)) ?? standard];
    }),
  );
}
