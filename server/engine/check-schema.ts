import { HalftoneError } from '../errors.js';
import { nearest } from '../nearest.js';

/** The part of JSON schema that the protocol's TypeBox schemas use. */
interface Schema {
  type?: string;
  const?: unknown;
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean;
  items?: Schema | Schema[];
  minItems?: number;
  maxItems?: number;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
}

/** What was wrong: where, what is allowed there, and what stands there. */
interface Fault {
  path: string;
  wanted: string;
  got: unknown;
  hint?: string;
  overLimit?: boolean;
}

/**
 * Checks JSON against a schema of the protocol and throws the first fault as one sentence that names the field,
 * what is allowed and what was given. The schema library's own words are made for programmers.
 */
export function checkSchema(schema: unknown, value: unknown, path: string): void {
  const fault = faultIn(schema as Schema, value, path);
  if (fault !== undefined) throw toError(fault);
}

function toError({ path, wanted, got, hint, overLimit = false }: Fault): HalftoneError {
  return new HalftoneError(
    overLimit ? 'LIMIT_EXCEEDED' : 'QUERY_INVALID',
    `${path === '' ? 'The query' : `"${path}"`} must be ${wanted}, got ${shown(got)}.`,
    { ...(path !== '' && { field: path }), hint },
  );
}

/** A value in a sentence: as JSON, cut where it is long. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value) && value.length > 20) return `a list of ${value.length}`;
  const text = jsonOf(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    // JSON that was parsed can fail in one way only: by the depth of the stack.
    return 'a value that is nested too deeply';
  }
}

function faultIn(schema: Schema, value: unknown, path: string): Fault | undefined {
  if (schema.anyOf !== undefined) return faultInUnion(schema.anyOf, value, path);
  if (schema.const !== undefined) {
    return value === schema.const
      ? undefined
      : { path, wanted: JSON.stringify(schema.const), got: value };
  }
  switch (schema.type) {
    case 'object':
      return faultInObject(schema, value, path);
    case 'array':
      return faultInArray(schema, value, path);
    case 'number':
    case 'integer':
      return faultInNumber(schema, value, path);
    case 'null':
      return value === null ? undefined : { path, wanted: 'null', got: value };
    default:
      return typeof value === schema.type
        ? undefined
        : { path, wanted: schema.type === 'string' ? 'a string' : 'true or false', got: value };
  }
}

function faultInObject(schema: Schema, value: unknown, path: string): Fault | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { path, wanted: 'an object', got: value };
  }
  const { properties = {}, required = [], additionalProperties } = schema;
  const names = Object.keys(properties);
  for (const [name, member] of Object.entries(value)) {
    const inner = path === '' ? name : `${path}.${name}`;
    if (!Object.hasOwn(properties, name)) {
      if (additionalProperties !== false) continue;
      const like = nearest(name, names);
      throw new HalftoneError(
        'QUERY_INVALID',
        `"${cut(inner)}" is not a field of ${path === '' ? 'a query' : `"${path}"`}.`,
        {
          field: cut(inner),
          hint: like === undefined ? `There are ${names.join(', ')}.` : `Did you mean "${like}"?`,
        },
      );
    }
    const fault = faultIn(properties[name]!, member, inner);
    if (fault !== undefined) return fault;
  }
  const missing = required.find((name) => !Object.hasOwn(value, name));
  if (missing === undefined) return undefined;
  return {
    path: path === '' ? missing : `${path}.${missing}`,
    wanted: 'given',
    got: undefined,
  };
}

function cut(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

function faultInArray(schema: Schema, value: unknown, path: string): Fault | undefined {
  if (!Array.isArray(value)) return { path, wanted: 'a list', got: value };
  const { items, minItems = 0 } = schema;
  const maxItems = schema.maxItems ?? (Array.isArray(items) ? items.length : Infinity);
  if (value.length > maxItems || value.length < minItems) {
    const wanted =
      minItems === maxItems
        ? `a list of ${minItems}`
        : maxItems === Infinity
          ? `a list of at least ${minItems}`
          : `a list of ${minItems} to ${maxItems}`;
    return {
      path,
      wanted,
      got: value,
      overLimit: value.length > maxItems && !Array.isArray(items),
    };
  }
  for (const [i, item] of value.entries()) {
    const schemaOfItem = Array.isArray(items) ? items[i] : items;
    const fault = schemaOfItem && faultIn(schemaOfItem, item, `${path}[${i}]`);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function faultInNumber(schema: Schema, value: unknown, path: string): Fault | undefined {
  const { type, minimum, maximum, exclusiveMinimum } = schema;
  const isWhole = type === 'integer';
  const noun = isWhole ? 'a whole number' : 'a number';
  const wanted =
    minimum !== undefined && maximum !== undefined
      ? `${noun} from ${minimum} to ${maximum}`
      : minimum !== undefined
        ? `${noun}, at least ${minimum}`
        : exclusiveMinimum !== undefined
          ? `${noun} above ${exclusiveMinimum}`
          : noun;
  const fits =
    typeof value === 'number' &&
    Number.isFinite(value) &&
    (!isWhole || Number.isSafeInteger(value)) &&
    value >= (minimum ?? -Infinity) &&
    value <= (maximum ?? Infinity) &&
    (exclusiveMinimum === undefined || value > exclusiveMinimum);
  if (fits) return undefined;
  return {
    path,
    wanted,
    got: value,
    overLimit: typeof value === 'number' && value > (maximum ?? Infinity),
  };
}

function faultInUnion(members: readonly Schema[], value: unknown, path: string): Fault | undefined {
  // Names of one list: say them all, and the one that is meant.
  if (members.every((member) => typeof member.const === 'string')) {
    const names = members.map((member) => member.const as string);
    if (names.includes(value as string)) return undefined;
    const like = typeof value === 'string' ? nearest(value, names) : undefined;
    return {
      path,
      wanted: `one of ${names.join(', ')}`,
      got: value,
      ...(like !== undefined && { hint: `Did you mean "${like}"?` }),
    };
  }
  const faults: Fault[] = [];
  for (const member of members) {
    const fault = faultIn(member, value, path);
    if (fault === undefined) return undefined;
    faults.push(fault);
  }
  // The member of the value's own shape has the most to say: a fault inside of it.
  const inside = faults.find((fault) => fault.path !== path || fault.overLimit === true);
  const all = [...new Set(faults.map((fault) => fault.wanted))].join(' or ');
  return inside ?? { path, wanted: all, got: value };
}
