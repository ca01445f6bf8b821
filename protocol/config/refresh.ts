import { Type, type Static } from 'typebox';
import { Bytes, Duration, TimeZone } from './words.js';

const count = (
  minimum: number,
  options: { title: string; description: string; default?: number },
) => Type.Optional(Type.Integer({ minimum, ...options }));

/** What becomes of a planned run while another is under way. */
export const OVERLAPS = ['skip', 'queue', 'replace'] as const;
/** What becomes of the runs that fell into a time when the server was not there. */
export const CATCH_UPS = ['last', 'none'] as const;
/** How far the columns of a new version may differ from those before. */
export const SCHEMA_POLICIES = ['accept', 'additive', 'same'] as const;

const oneOf = <T extends string>(
  words: readonly T[],
  options: { title: string; description: string; default: T },
) =>
  Type.Optional(
    Type.Unsafe<T>(
      Type.Union(
        words.map((word) => Type.Literal(word)),
        options,
      ),
    ),
  );

const ConfigRetry = Type.Object(
  {
    attempts: count(0, {
      title: 'a number of retries',
      description: 'How often a run that failed is tried again.',
      default: 0,
    }),
    delay: Type.Optional(Duration({ description: 'Before the first retry.', default: '10s' })),
    backoff: Type.Optional(
      Type.Number({
        minimum: 1,
        title: 'a factor of 1 or more',
        description: 'Each delay is so many times the one before.',
        default: 2,
      }),
    ),
    maxDelay: Type.Optional(Duration({ description: 'No delay is longer.', default: '10m' })),
  },
  {
    additionalProperties: false,
    title: 'retry',
    description: 'When a run that failed is tried again.',
  },
);

const ConfigGuards = Type.Object(
  {
    minRows: count(0, {
      title: 'a number of rows',
      description: 'A version with fewer rows is refused.',
      default: 1,
    }),
    maxDrop: Type.Optional(
      Type.String({
        pattern: '^(?:100|\\d{1,2})(?:\\.\\d+)?\\s*%$',
        title: 'a share such as 50%',
        description: 'A version that has lost more of the rows is refused.',
        default: '80%',
      }),
    ),
    schema: oneOf(SCHEMA_POLICIES, {
      title: 'accept, additive or same',
      description:
        'Columns of a new version: any, those there were and more, or just those there were.',
      default: 'additive',
    }),
  },
  {
    additionalProperties: false,
    title: 'guards',
    description: 'What a new version has to be before it takes the place of the one that is there.',
  },
);

const ConfigKeep = Type.Object(
  {
    snapshots: count(1, {
      title: 'a number of snapshots',
      description: 'So many are kept, the newest among them.',
      default: 2,
    }),
    age: Type.Optional(Duration({ description: 'Older ones are removed, but for the newest.' })),
    bytes: Type.Optional(Bytes({ description: 'The oldest are removed beyond so many bytes.' })),
  },
  {
    additionalProperties: false,
    title: 'keep',
    description: 'Which snapshots stay. One that somebody is looking at is never removed.',
  },
);

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
    enabled: Type.Optional(
      Type.Boolean({ default: true, description: 'Whether the schedule is in force.' }),
    ),
    runOnStart: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'Load anew when the server starts, whatever is in the cache.',
      }),
    ),
    jitter: Type.Optional(
      Duration({ description: 'Each run begins later by a random time of up to this.' }),
    ),
    overlap: oneOf(OVERLAPS, {
      title: 'skip, queue or replace',
      description: 'What becomes of a run whose time comes while another is under way.',
      default: 'skip',
    }),
    startDeadline: Type.Optional(
      Duration({ description: 'A run that could not begin for so long is skipped.' }),
    ),
    catchUp: oneOf(CATCH_UPS, {
      title: 'last or none',
      description:
        'Which of the runs that were missed while the server was not there is made up for.',
      default: 'last',
    }),
    timeout: Type.Optional(Duration({ description: 'A run that takes longer is ended.' })),
    retry: Type.Optional(ConfigRetry),
    guards: Type.Optional(ConfigGuards),
    keep: Type.Optional(ConfigKeep),
  },
  {
    additionalProperties: false,
    title: 'refresh',
    description: 'When the dataset is loaded anew, and what a new version has to be.',
  },
);
export type ConfigRefresh = Static<typeof ConfigRefresh>;
