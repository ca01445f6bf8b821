import { instanceName, parseParameter } from '../../protocol/parameter-names.js';
import type { Parameter, Parameters, ParameterValue } from '../../protocol/parameters.js';
import { HalftoneError } from '../errors.js';
import type { DatasetSource } from '../loader/source.js';
import { nearest } from '../nearest.js';

/**
 * The source of a dataset with the values that `query` gives its parameters. Its name is canonical: in the order they are declared, without
 * those at their default; the base itself where none is left. Throws QUERY_INVALID.
 */
export function instanceSource(base: DatasetSource, query: string): DatasetSource {
  const parameters = base.sql!.parameters!;
  const given = new Map<string, ParameterValue>();
  for (const [key, text] of new URLSearchParams(query)) {
    const parameter = Object.hasOwn(parameters, key) ? parameters[key] : undefined;
    if (parameter === undefined) throw unknownParameter(base.name, key, parameters);
    if (given.has(key)) throw invalid(`"${base.name}" is given "${key}" twice.`, key);
    given.set(key, valueOf(key, parameter, text));
  }
  const own = Object.entries(parameters).filter(
    ([key, parameter]) => given.has(key) && given.get(key) !== parameter.default,
  );
  if (own.length === 0) return base;
  const values = Object.fromEntries(own.map(([key]) => [key, given.get(key)!]));
  // A schedule is the base's; combinations follow their inputs.
  const { schedule: _schedule, ...source } = base;
  return {
    ...source,
    name: instanceName(base.name, parameters, values),
    sql: { ...base.sql!, values },
  };
}

function valueOf(key: string, { type, values }: Parameter, text: string): ParameterValue {
  const value = parseParameter(type, text);
  if (value === undefined) {
    throw invalid(`"${key}" has to be of the type ${type}, got "${text.slice(0, 100)}".`, key);
  }
  if (values === undefined || values.includes(value)) return value;
  const near = nearest(text, values.map(String));
  throw invalid(
    `"${key}" does not take "${text.slice(0, 100)}".`,
    key,
    near === undefined
      ? `It takes ${values.slice(0, 10).join(', ')}${values.length > 10 ? ' …' : ''}.`
      : `Did you mean "${near}"?`,
  );
}

function unknownParameter(name: string, key: string, parameters: Parameters): HalftoneError {
  const near = nearest(key, Object.keys(parameters));
  return invalid(
    `"${name}" has no parameter "${key.slice(0, 100)}".`,
    key,
    near === undefined
      ? `It has ${Object.keys(parameters).join(', ')}.`
      : `Did you mean "${near}"?`,
  );
}

function invalid(message: string, field: string, hint?: string): HalftoneError {
  return new HalftoneError('QUERY_INVALID', message, { field: `dataset?${field}`, hint });
}
