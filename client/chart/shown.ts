import type { Query } from '../../protocol/query.js';
import type { DecodedFrame } from '../data/frame.js';
import type { Picture } from './picture.js';
import type { ChartDomain, ChartSpec } from './types.js';

/** What is on the screen, and what it was made from. */
export interface Shown {
  spec: ChartSpec;
  question: Query;
  domain: ChartDomain;
  frame: DecodedFrame;
  picture: Picture;
}
