import { Type, type Static } from 'typebox';
import { commonOptions, fileOptions, pulledOptions } from './common.js';
import { Duration, SecretText } from './words.js';

/** A dataset that is downloaded. */
export const UrlDataset = Type.Object(
  {
    url: SecretText({ description: 'The http or https address of a file.' }),
    headers: Type.Optional(
      Type.Record(Type.String(), SecretText({ description: 'A header of the request.' }), {
        title: 'headers',
        description:
          'Headers of the request, sent to the origin of the address alone; they may be secret.',
        examples: [{ authorization: 'Bearer ${env:API_TOKEN}' }],
      }),
    ),
    idle: Type.Optional(
      Duration({ default: '30s', description: 'A server that is silent for longer has failed.' }),
    ),
    ...pulledOptions,
    ...fileOptions,
    ...commonOptions,
  },
  { additionalProperties: false, title: 'a dataset', description: 'A file that is downloaded.' },
);
export type UrlDataset = Static<typeof UrlDataset>;
