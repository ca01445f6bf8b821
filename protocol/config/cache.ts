import { Type, type Static } from 'typebox';
import { Bytes } from './words.js';

/** `cache:` of the configuration. A flag of the command line goes before it. */
export const ConfigCache = Type.Object(
  {
    dir: Type.Optional(
      Type.String({
        minLength: 1,
        title: 'a path',
        description: 'Where columns are cached, relative to the folder of this file.',
      }),
    ),
    memory: Type.Optional(
      Type.String({
        pattern: '^\\d+(?:\\.\\d+)?\\s*(?:%|(?:[kKMGT]i?)?B)$',
        title: 'a size such as 4GB, 512MiB or 50%',
        default: '50%',
        description: 'Memory for columns: a size, or a share of the machine.',
      }),
    ),
    frames: Type.Optional(
      Bytes({
        default: '1GiB',
        description: 'Frames that are kept on disk, over restarts.',
      }),
    ),
  },
  {
    additionalProperties: false,
    title: 'cache',
    description: 'Where and how much is cached; read once, at the start.',
  },
);
export type ConfigCache = Static<typeof ConfigCache>;
