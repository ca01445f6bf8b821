/** The words of JSON Schema that the configuration is described with. */
export interface ConfigSchema {
  type?: 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean' | 'null';
  /** What it is, for sentences: "a dataset", "a path". */
  title?: string;
  properties?: Record<string, ConfigSchema>;
  required?: string[];
  /** False: other keys are errors. Also the way a record tells of its values, beside `patternProperties`. */
  additionalProperties?: boolean | ConfigSchema;
  patternProperties?: Record<string, ConfigSchema>;
  items?: ConfigSchema;
  minItems?: number;
  maxItems?: number;
  anyOf?: ConfigSchema[];
  const?: unknown;
  enum?: unknown[];
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  format?: string;
  /** Ours: the text is never shown, and its references are followed only where it is used. */
  secret?: boolean;
  /** Ours: the text is taken as it stands; "${" in it means nothing. */
  literal?: boolean;
}

/** The schema of a record's values; undefined for other objects. */
export function recordValues({
  patternProperties,
  additionalProperties,
}: ConfigSchema): ConfigSchema | undefined {
  const [pattern] = Object.values(patternProperties ?? {});
  return pattern ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined);
}

/** What a schema wants, for the end of "… has to be". */
export function wanted(schema: ConfigSchema): string {
  const { type, title, anyOf, minimum, maximum } = schema;
  if (anyOf !== undefined && anyOf.every((one) => 'const' in one)) {
    const words = anyOf.map((one) => JSON.stringify(one.const));
    return words.length === 1 ? words[0]! : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
  }
  if ('const' in schema) return JSON.stringify(schema.const);
  if (type === 'object') return 'a mapping of keys to values';
  if (title !== undefined) return title;
  switch (type) {
    case 'array':
      return `a list${schema.items?.title === undefined ? '' : ` of ${schema.items.title}`}`;
    case 'boolean':
      return 'true or false';
    case 'number':
    case 'integer': {
      const what = type === 'integer' ? 'a whole number' : 'a number';
      if (minimum === undefined) return what;
      return maximum === undefined
        ? `${what} of ${minimum} at least`
        : `${what} from ${minimum} to ${maximum}`;
    }
    case 'string':
      return 'a text';
    default:
      return anyOf === undefined ? 'something else' : anyOf.map(wanted).join(' or ');
  }
}
