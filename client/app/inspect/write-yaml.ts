type Plain =
  string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };

/** How wide a line may be that holds a whole mapping or list. */
const WIDTH = 96;

/**
 * Plain data as YAML 1.2 that reads back to the same. What is short stands on one line, in braces or brackets. Members that are
 * undefined are left out.
 */
export function writeYaml(value: object): string {
  return `${lines(JSON.parse(JSON.stringify(value)) as Plain, 0).join('\n')}\n`;
}

/** The lines of a value; those of what stands in it are indented. */
function lines(value: Plain, depth: number): string[] {
  const flow = flowOf(value);
  const isShort = flow.length + 2 * depth <= WIDTH && depth > 0;
  if (typeof value !== 'object' || value === null || isShort || isEmpty(value)) return [flow];
  if (Array.isArray(value)) {
    return (value as readonly Plain[]).flatMap((each) => {
      const [first, ...rest] = lines(each, depth + 1);
      return [`- ${first}`, ...rest.map((line) => `  ${line}`)];
    });
  }
  return Object.entries(value).flatMap(([key, each]) => {
    const written = lines(each, depth + 1);
    const [first] = written;
    const isOneLine =
      written.length === 1 && (typeof each !== 'object' || each === null || flowOf(each) === first);
    return isOneLine
      ? [`${keyText(key)}: ${first}`]
      : [`${keyText(key)}:`, ...written.map((line) => `  ${line}`)];
  });
}

/** A key of one letter is what it is: `y` is a truth to YAML 1.1 alone, which nobody reads this with. */
const keyText = (key: string): string => (/^[A-Za-z]$/u.test(key) ? key : scalar(key));

const isEmpty = (value: object): boolean => Object.keys(value).length === 0;

function flowOf(value: Plain): string {
  if (typeof value !== 'object' || value === null) return scalar(value);
  if (Array.isArray(value)) return `[${(value as readonly Plain[]).map(flowOf).join(', ')}]`;
  const members = Object.entries(value).map(([key, each]) => `${keyText(key)}: ${flowOf(each)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

/** Words that YAML, or an older version of it, takes for something else than text. */
const RESERVED = /^(?:true|false|yes|no|on|off|y|n|null|nan|inf)$/iu;

function scalar(value: string | number | boolean | null): string {
  if (typeof value !== 'string') return String(value);
  const isPlain =
    /^[A-Za-z_][\w /.()-]*$/u.test(value) && !RESERVED.test(value) && !value.endsWith(' ');
  // JSON's strings are YAML's, but for signs that end a line of YAML.
  return isPlain
    ? value
    : JSON.stringify(value).replace(
        /[\u007f-\u009f\u2028\u2029\ufeff]/gu,
        (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
      );
}
