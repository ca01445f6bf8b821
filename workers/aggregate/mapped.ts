import { IDENTITY } from '../groups/key-ids.js';

/** The number that group `id` of a task has among all. */
export function mapped(map: Uint32Array, id: number): number {
  return map === IDENTITY || map.length === 0 ? id : map[id]!;
}
