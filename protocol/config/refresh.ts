import { Type, type Static } from 'typebox';
import { Duration, TimeZone } from './words.js';

/** `refresh:` of a dataset: when it is loaded anew. Absent, files are loaded when they change. */
export const ConfigRefresh = Type.Object(
  {
    every: Type.Optional(Duration({ description: 'Load anew at this pace.' })),
    cron: Type.Optional(
      Type.String({
        minLength: 1,
        title: 'a cron line such as "*/5 * * * *"',
        description: 'Load anew at these times.',
        examples: ['*/5 * * * *', '0 6 * * 1-5'],
      }),
    ),
    timeZone: Type.Optional(
      TimeZone({ description: 'The time zone of the cron line.', default: 'UTC' }),
    ),
  },
  {
    additionalProperties: false,
    title: 'refresh',
    description: 'When the dataset is loaded anew: "every" or "cron".',
  },
);
export type ConfigRefresh = Static<typeof ConfigRefresh>;
