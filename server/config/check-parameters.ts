import type { SqlDataset } from '../../protocol/config/sql.js';
import { parseParameter } from '../../protocol/parameters.js';
import { nearest } from '../nearest.js';
import type { ConfigDocument, ConfigPath } from './document.js';
import { parameterNames } from './table-names.js';

/** Notes parameters that are declared and not used, used and not declared, and values that are not of their type. */
export function checkParameters(
  { sql, params }: SqlDataset,
  path: ConfigPath,
  document: ConfigDocument,
): void {
  const used = parameterNames(sql);
  const declared = Object.keys(params ?? {});
  for (const name of used) {
    if (declared.includes(name)) continue;
    const near = nearest(name, declared);
    document.reportAt(
      [...path, 'sql'],
      `"sql" uses "$${name}", which is not among "params".`,
      near === undefined ? undefined : `Did you mean "$${near}"?`,
    );
  }
  for (const [name, { type, default: standard, values }] of Object.entries(params ?? {})) {
    const at = [...path, 'params', name];
    if (!/^[A-Za-z_]\w{0,62}$/u.test(name)) {
      document.reportAt(
        at,
        `"${name}" cannot be the name of a parameter.`,
        'It takes letters, digits and "_".',
      );
    } else if (!used.includes(name)) {
      document.reportAt(at, `"sql" does not use "$${name}".`);
    }
    for (const [key, value] of [
      ['default', standard],
      ...(values ?? []).map((each, i) => [i, each] as const),
    ] as const) {
      if (parseParameter(type, String(value)) !== undefined) continue;
      const where = key === 'default' ? [...at, key] : [...at, 'values', key];
      document.reportAt(where, `"${String(value)}" is not of the type ${type}.`);
    }
    if (values?.includes(standard) === false) {
      document.reportAt([...at, 'default'], `"default" is not among the "values" of "${name}".`);
    }
  }
}
