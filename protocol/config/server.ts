import { Type, type Static } from 'typebox';
import { SecretText } from './words.js';

/** `server:` of the configuration. A flag of the command line goes before it. */
export const ConfigServer = Type.Object(
  {
    host: Type.Optional(
      Type.String({
        minLength: 1,
        default: '127.0.0.1',
        description: 'The address to listen on; beyond this machine it needs a token.',
      }),
    ),
    port: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 65_535,
        description: 'Where to listen; 0 takes any free port.',
      }),
    ),
    token: Type.Optional(
      SecretText({ description: 'Ask every request for this token: ${env:NAME} or ${file:PATH}.' }),
    ),
    allowHosts: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        description: "Host names that requests may use beside the loopback's.",
        examples: [['viz.example.org']],
      }),
    ),
    allowOrigins: Type.Optional(
      Type.Array(
        Type.String({
          pattern: '^https?://[^/\\s]+$',
          title: 'an origin such as https://example.org',
        }),
        { description: 'Origins whose pages may read the API (CORS).' },
      ),
    ),
    frameAncestors: Type.Optional(
      Type.Array(
        Type.String({
          pattern: '^https?://[^/\\s;,]+$',
          title: 'an origin such as https://example.org',
        }),
        { description: 'Origins that may embed the pages in a frame.' },
      ),
    ),
    trustProxy: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'Take the address and the protocol of a request from X-Forwarded-* headers.',
      }),
    ),
    basePath: Type.Optional(
      Type.String({
        minLength: 1,
        default: '/',
        description: 'The path below which everything is served.',
      }),
    ),
  },
  {
    additionalProperties: false,
    title: 'server',
    description: 'Where and to whom it is served; read once, at the start.',
  },
);
export type ConfigServer = Static<typeof ConfigServer>;
