import type { ErrorObject, ValidatorFactory } from '@fastify/ajv-compiler';
import type { App } from '../routes/parts.js';

/** A schema, and where in which route's requests it holds. */
interface RoutePart {
  schema: object;
  method: string;
  url: string;
  httpPart: string;
}

interface Validate {
  (data: unknown, place: { parentData: object; parentDataProperty: string }): boolean;
  errors?: ErrorObject[] | null;
}

/** After so long the validator is loaded without being asked: by then the first frame is on its way. */
const PRELOAD_AFTER_MS = 1000;

/**
 * Validates requests by the schemas of their routes, as Fastify does, but loads Ajv when the first request needs it and
 * compiles each schema at its first use: both together take longer than all else that happens before listening.
 */
export function lazyValidation(customOptions: Record<string, unknown>) {
  let compiler: ((part: RoutePart) => Validate) | undefined;
  let loading: Promise<void> | undefined;
  const needy = new Set<string>();

  const load = (): Promise<void> =>
    (loading ??= import('@fastify/ajv-compiler').then(({ default: selector }) => {
      compiler = selector()({}, { customOptions }) as unknown as typeof compiler;
    }));

  const compile = ({ schema, method, url, httpPart }: RoutePart) => {
    if (httpPart === 'params' && areTexts(schema)) return () => true;
    needy.add(`${method} ${url}`);
    let validate: Validate | undefined;
    return (data: unknown) => {
      validate ??= compiler!({ schema, method, url, httpPart });
      // Ajv puts a converted value into its parent.
      const parent = { data };
      if (!validate(data, { parentData: parent, parentDataProperty: 'data' }))
        return { error: validate.errors };
      return parent.data === data ? true : { value: parent.data };
    };
  };

  return {
    // Fastify hands over the part of the route, where its types tell of the schema alone.
    buildValidator: (() => compile) as unknown as ValidatorFactory,
    /** Makes requests wait until their schemas can be compiled. */
    attachTo(app: Pick<App, 'addHook'>): void {
      app.addHook('preValidation', (request, _reply, done) => {
        const { method, url } = request.routeOptions;
        if (compiler !== undefined || !needy.has(`${String(method)} ${url}`)) done();
        else load().then(() => done(), done);
      });
      app.addHook('onListen', (done) => {
        setTimeout(() => void load(), PRELOAD_AFTER_MS).unref();
        done();
      });
    },
  };
}

/** Whether the schema asks for nothing but texts: the parameters of an address are never anything else. */
function areTexts(schema: object): boolean {
  const { properties = {} } = schema as { properties?: Record<string, object> };
  return Object.values(properties).every(
    (property) => JSON.stringify(property) === '{"type":"string"}',
  );
}
