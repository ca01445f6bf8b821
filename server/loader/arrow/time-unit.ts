import type { DataType } from 'apache-arrow';
import { ArrowFault } from './arrow-fault.js';

const UNITS = ['s', 'ms', 'us', 'ns'] as const;

/** The unit of a time, timestamp or duration. */
export function timeUnitOf(type: DataType): (typeof UNITS)[number] {
  const unit = UNITS[(type as DataType & { unit: number }).unit];
  if (unit === undefined) throw new ArrowFault('its unit of time is not known');
  return unit;
}
