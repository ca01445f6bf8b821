import { Type, type Static } from 'typebox';
import { ConfigCache } from './cache.js';
import { ConfigDataset } from './dataset.js';
import { Dashboards } from '../dashboard.js';
import { ConfigServer } from './server.js';

/** `halftone.yaml`, as it is written; JSON is YAML too. */
export const Config = Type.Object(
  {
    version: Type.Literal(1, { description: 'The version of this format: 1.' }),
    datasets: Type.Optional(
      Type.Record(Type.String(), ConfigDataset, {
        title: 'datasets',
        description: 'What people can choose, by name.',
      }),
    ),
    server: Type.Optional(ConfigServer),
    cache: Type.Optional(ConfigCache),
    dashboards: Type.Optional(Dashboards),
  },
  {
    additionalProperties: false,
    title: 'the configuration',
    description: 'The configuration of Halftone.',
  },
);
export type Config = Omit<Static<typeof Config>, 'datasets'> & {
  datasets?: Record<string, ConfigDataset>;
};
