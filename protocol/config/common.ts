import { Type } from 'typebox';
import { ConfigCsv } from './csv.js';
import { ConfigRefresh } from './refresh.js';
import { Bytes, Duration, TimeZone } from './words.js';

/** What a dataset of any kind may have beside its source. */
export const commonOptions = {
  refresh: Type.Optional(ConfigRefresh),
  ttl: Type.Optional(
    Duration({
      description:
        'How long a snapshot counts as current: when somebody asks after that, the source is looked at behind the answer. The files are not watched then.',
    }),
  ),
  cache: Type.Optional(
    Type.Union([Type.Literal('auto'), Type.Literal('memory'), Type.Literal('disk')], {
      default: 'auto',
      description:
        'Where frames are kept: auto has those on disk too that took long to compute, disk all of them, memory none.',
    }),
  ),
  warmup: Type.Optional(
    Type.Array(
      Type.Union([
        Type.String({ minLength: 1, title: 'an address' }),
        Type.Object({}, { title: 'a query' }),
      ]),
      {
        maxItems: 100,
        title: 'a list of addresses or queries',
        description:
          'Views that are computed before a new snapshot answers: addresses of the page, or queries.',
        examples: [['explore/taxi?mark=histogram&x=fare']],
      },
    ),
  ),
  columns: Type.Optional(
    Type.Record(
      Type.String(),
      Type.String({
        format: 'column-type',
        title: 'a type such as text, bigint, double, date or decimal(10,2)',
      }),
      {
        title: 'columns',
        description:
          'Types that are said, not guessed: column → text, bigint, double, date, timestamp …',
        examples: [{ zip: 'text' }],
      },
    ),
  ),
  timeZone: Type.Optional(
    TimeZone({
      description:
        'The zone that times without an offset were written in: they become instants. By default they stay as they are.',
    }),
  ),
  hide: Type.Optional(
    Type.Array(Type.String({ minLength: 1 }), {
      description: 'Columns that are never stored, cached or served.',
      examples: [['ssn']],
    }),
  ),
};

/** What only a dataset that is read from files, or from bytes like theirs, may have. */
export const fileOptions = {
  csv: Type.Optional(ConfigCsv),
  strict: Type.Optional(
    Type.Boolean({
      default: false,
      description: 'Refuse what is not clean instead of setting it aside.',
    }),
  ),
};

/** What only a dataset may have whose bytes come from elsewhere. */
export const pulledOptions = {
  format: Type.Optional(
    Type.Union(
      [Type.Literal('csv'), Type.Literal('parquet'), Type.Literal('arrow'), Type.Literal('json')],
      { description: 'What the bytes are; by default that is found by looking.' },
    ),
  ),
  maxBytes: Type.Optional(Bytes({ default: '64GiB', description: 'More than this is refused.' })),
};
