import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { CubesBody, type CubeFallback } from '../../protocol/cube.js';
import { ARROW_STREAM, FRAMES, SNAPSHOT_HEADER } from '../../protocol/media.js';
import { whyNoCube } from '../engine/cube/why-no-cube.js';
import type { CubeViewAsk } from '../engine/engine.js';
import {
  answerQuery,
  countAnswer,
  etagOf,
  headersOfAnswer,
  takeQuery,
  type AnsweredQuery,
  type AskedQuery,
} from '../frames/answer-query.js';
import { asCompleted } from '../frames/as-completed.js';
import { barKeys } from '../frames/bar-keys.js';
import { CubePass } from '../frames/cube-pass.js';
import { asBuffer } from '../frames/frame-cache.js';
import type { FramePart } from '../frames/frame-part.js';
import { sendParts } from '../frames/send-parts.js';
import { cubeKey, takeCubes, type AskedCubes } from '../frames/take-cubes.js';
import { chooseCoding } from '../http/coding.js';
import { isLoopbackClient } from '../http/loopback.js';
import { problemOf } from '../http/problems.js';
import { withdrawnSignal } from '../http/withdrawn.js';
import type { App, AppParts } from './parts.js';

/** Frames of views that are computed, or wait to be sent, at once: see the route of many frames. */
const AT_ONCE = 8;

/** Brush cubes of linked views: with them a browser answers every step of a brush by itself. */
export function cubesRoutes(app: App, parts: AppParts): void {
  app.post(
    '/cubes',
    {
      schema: {
        summary: 'Brush cubes of linked views, each as soon as it is ready',
        body: CubesBody,
        response: {
          200: {
            description: 'Parts, two a view: see docs/reference/http.md',
            content: {
              [FRAMES]: { schema: Type.Unsafe<Readable>({ type: 'string', format: 'binary' }) },
            },
          },
        },
      },
      // A view that is wrong has a part of its own, and sentences come from the checks of queries.
      validatorCompiler: () => () => true,
    },
    async (request, reply) => {
      const asked = takeCubes(parts, request.body);
      const coding = chooseCoding(
        request.headers['accept-encoding'],
        isLoopbackClient(request.raw),
      );
      reply.headers({
        vary: 'Accept-Encoding',
        'cache-control': 'no-store',
        [SNAPSHOT_HEADER]: asked.snapshot.manifest.id,
      });
      if (coding !== 'identity') reply.header('content-encoding', coding);
      const answer = new CubesAnswer(parts, request, asked, withdrawnSignal(reply));
      return reply.type(FRAMES).send(Readable.from(sendParts(answer.parts(), coding, parts)));
    },
  );
}

/** A view that a cube can be made of, with the frame that it shows without a brush. */
interface CubeView extends CubeViewAsk {
  index: number;
  asked: AskedQuery;
}

/** One request for cubes: first the frames of the views, whose bins the cubes have, then the cubes. */
class CubesAnswer {
  readonly #parts: AppParts;
  readonly #request: FastifyRequest;
  readonly #asked: AskedCubes;
  readonly #signal: AbortSignal;
  readonly #startedAt: number;

  constructor(parts: AppParts, request: FastifyRequest, asked: AskedCubes, signal: AbortSignal) {
    this.#parts = parts;
    this.#request = request;
    this.#asked = asked;
    this.#signal = signal;
    this.#startedAt = parts.now();
  }

  async *parts(): AsyncGenerator<FramePart, void> {
    const { views, snapshot, active, filters } = this.#asked;
    const found: CubeView[] = [];
    const frames = asCompleted(views, AT_ONCE, async ({ query }, index) =>
      this.#guarded(index, async () => {
        const answered = await this.#view(query, index);
        if ('fallback' in answered) return this.#fallback(index, answered.fallback);
        found.push(answered.view);
        return this.#frame(index, 'frame', answered.view.asked, answered);
      }),
    );
    yield* frames;
    found.sort((a, b) => a.index - b.index);
    const pass = new CubePass(this.#parts.engine, snapshot, { active, filters });
    const cubes = found.map((view) => {
      const key = cubeKey(this.#asked, view.asked);
      const made = this.#parts.frames.getMade(
        snapshot,
        key,
        (signal) => pass.add(view, signal),
        this.#signal,
      );
      return { view, key, made };
    });
    pass.begin();
    yield* asCompleted(cubes, cubes.length, ({ view, key, made }) =>
      this.#guarded(view.index, async () => {
        const answered = await made;
        countAnswer(this.#parts.metrics, 'cube', answered);
        return this.#frame(view.index, 'cube', { snapshot, key }, answered);
      }),
    );
  }

  /** What a view shows without a brush, or why it has no cube. */
  async #view(
    value: unknown,
    index: number,
  ): Promise<{ fallback: string } | (AnsweredQuery & { view: CubeView })> {
    // A cube has the bins of the exact frame: a sample would have others.
    const { fast: _, ...asked } = takeQuery(this.#parts, value);
    const { active, snapshot } = this.#asked;
    const fallback = whyNoCube(asked.query, active.y !== undefined, snapshot);
    if (fallback !== undefined) return { fallback };
    const answered = await answerQuery(this.#parts, asked, this.#signal);
    const { frame } = answered.entry;
    const keys = await barKeys(asked.query, frame, this.#parts.writeText);
    return { ...answered, view: { index, asked, query: asked.canonical, frame, keys } };
  }

  #frame(
    index: number,
    part: 'frame' | 'cube',
    named: Pick<AskedQuery, 'snapshot' | 'key'>,
    answered: AnsweredQuery,
  ): FramePart {
    return {
      ...this.#head(index),
      part,
      status: 200,
      headers: {
        'content-type': ARROW_STREAM,
        etag: etagOf(named, 'arrow'),
        [SNAPSHOT_HEADER]: named.snapshot.manifest.id,
        ...headersOfAnswer(answered, this.#parts.now() - this.#startedAt),
      },
      body: asBuffer(answered.entry.frame.bytes),
    };
  }

  #fallback(index: number, fallback: string): FramePart {
    const { id } = this.#asked.views[index]!;
    const body: CubeFallback = { id, fallback };
    return {
      ...this.#head(index),
      part: 'fallback',
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify(body)),
    };
  }

  /** Does the work for one view; what fails there harms no other. */
  async #guarded(index: number, work: () => Promise<FramePart>): Promise<FramePart> {
    try {
      return await work();
    } catch (error) {
      const { problem, headers } = problemOf(error, this.#request, this.#parts.report);
      const { status } = problem;
      const body = Buffer.from(JSON.stringify(problem));
      return { ...this.#head(index), part: 'problem', status, headers, body };
    }
  }

  #head(index: number): Pick<FramePart, 'index' | 'id'> {
    return { index, id: this.#asked.views[index]!.id };
  }
}
