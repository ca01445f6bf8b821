import { Config } from '../../protocol/config/config.js';
import type { ConfigSchema } from './schema.js';

/** What editors know nothing of: our own words, and formats that only we check. */
const OWN = new Set(['secret', 'literal', 'format']);
const REFERENCE = '\\$\\{(?:env|file):';

/**
 * The JSON Schema of `halftone.yaml`, for completion and checks in editors. Wherever a value may be a reference such as `${env:PORT}`, it
 * takes one.
 */
export function configJsonSchema(): object {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    ...(forEditors(Config) as object),
    title: 'halftone.yaml',
  };
}

function forEditors(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(forEditors);
  if (schema === null || typeof schema !== 'object') return schema;
  const plain = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      // Keys below these are names, not words of the schema.
      key === 'properties' || key === 'patternProperties' ? mapValues(value) : forEditors(value),
    ]),
  ) as ConfigSchema & Record<string, unknown>;
  for (const key of OWN) delete plain[key];
  return withReferences(plain);
}

function mapValues(properties: unknown): unknown {
  return Object.fromEntries(
    Object.entries(properties as object).map(([name, schema]) => [name, forEditors(schema)]),
  );
}

function withReferences(schema: ConfigSchema & Record<string, unknown>): object {
  const { type, pattern, description, ...rest } = schema;
  if (type === 'string' && pattern !== undefined) {
    return { ...schema, pattern: `${pattern}|${REFERENCE}` };
  }
  if ('const' in schema) return schema;
  if (type !== 'number' && type !== 'integer' && type !== 'boolean') return schema;
  return {
    ...(description === undefined ? {} : { description }),
    anyOf: [
      { type, ...rest },
      { type: 'string', pattern: REFERENCE },
    ],
  };
}
