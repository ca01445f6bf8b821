import type { SqlDataset } from '../../protocol/config/sql.js';
import type { Config } from '../../protocol/config/config.js';
import type { Dashboard } from '../../protocol/dashboard.js';
import { parseParameter } from '../../protocol/parameter-names.js';
import { didYouMean } from '../dashboards/fault.js';
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

/** Notes values that a dashboard gives to parameters that no dataset has, or that these do not take. */
export function checkValues(
  { parameters = {} }: Dashboard,
  datasets: NonNullable<Config['datasets']>,
  path: ConfigPath,
  document: ConfigDocument,
): void {
  for (const [name, values] of Object.entries(parameters)) {
    const at = [...path, 'parameters', name];
    const dataset = datasets[name];
    const params = dataset !== undefined && 'sql' in dataset ? (dataset.params ?? {}) : {};
    const declared = Object.keys(params);
    if (declared.length === 0) {
      const near = nearest(
        name,
        Object.keys(datasets).filter((each) => 'params' in datasets[each]!),
      );
      const { hint } = didYouMean(near);
      document.reportAt(at, `There is no dataset "${name}" with parameters.`, hint);
      continue;
    }
    for (const [key, value] of Object.entries(values)) {
      const parameter = Object.hasOwn(params, key) ? params[key] : undefined;
      if (parameter === undefined) {
        const { hint } = didYouMean(nearest(key, declared));
        document.reportAt([...at, key], `"${name}" has no parameter "${key}".`, hint);
      } else if (parseParameter(parameter.type, String(value)) === undefined) {
        document.reportAt([...at, key], `"${String(value)}" is not of the type ${parameter.type}.`);
      } else if (parameter.values?.some((each) => String(each) === String(value)) === false) {
        document.reportAt(
          [...at, key],
          `"${String(value)}" is not among the "values" of "${key}".`,
        );
      }
    }
  }
}
