import { Type, type Static } from 'typebox';
import { commonOptions, fileOptions } from './common.js';
import { SecretText } from './words.js';

/** A dataset that is downloaded. */
export const UrlDataset = Type.Object(
  {
    url: SecretText({ description: 'The http or https address of a file.' }),
    ...fileOptions,
    ...commonOptions,
  },
  { additionalProperties: false, title: 'a dataset', description: 'A file that is downloaded.' },
);
export type UrlDataset = Static<typeof UrlDataset>;
