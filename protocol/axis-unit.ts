import type { TimeUnit } from './column.js';

/** The unit in which an axis counts: plain numbers, or a time unit since 1970. */
export type AxisUnit = 'number' | TimeUnit | 'category';
