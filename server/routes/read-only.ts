import type { ServerConfig } from '../config.js';
import { HalftoneError } from '../errors.js';

/** Throws READ_ONLY where the server may not `act`, for instance "load a file". */
export function refuseReadOnly({ readOnly }: Pick<ServerConfig, 'readOnly'>, act: string): void {
  if (!readOnly) return;
  throw new HalftoneError('READ_ONLY', `This server is read-only: it does not ${act}.`, {
    hint: 'It was started with --read-only.',
  });
}
