import type { DataType } from '@uwdata/flechette';

/** An Arrow type in a word or two. */
export function shortType(type: DataType): string {
  const t = type as unknown as Record<string, any>;
  switch (t['typeId']) {
    case -1:
      return 'dictionary';
    case 2:
      return `${t['signed'] ? '' : 'u'}int${t['bitWidth']}`;
    case 3:
      return `float${16 << t['precision']}`;
    case 4:
      return 'binary';
    case 5:
      return 'utf8';
    case 6:
      return 'bool';
    case 7:
      return `decimal(${t['precision']},${t['scale']})`;
    case 8:
      return t['unit'] === 0 ? 'date32' : 'date64';
    case 9:
      return `time${t['bitWidth']}${['s', 'ms', 'us', 'ns'][t['unit']]}`;
    case 10:
      return `timestamp ${['s', 'ms', 'us', 'ns'][t['unit']]}${t['timezone'] ? ` ${t['timezone']}` : ''}`;
    default:
      return String(t['typeId']);
  }
}
