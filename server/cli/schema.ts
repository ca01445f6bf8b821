import { configJsonSchema } from '../config/json-schema.js';
import type { Terminal } from './terminal.js';

/** `halftone schema`: the JSON Schema of the configuration on stdout. */
export function schema({ out }: Pick<Terminal, 'out'>): void {
  out(`${JSON.stringify(configJsonSchema(), null, 2)}\n`);
}
