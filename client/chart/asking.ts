import type { Query } from '../../protocol/query.js';
import type { Ask } from '../data/ask.js';
import type { DecodedFrame } from '../data/frame.js';
import { answer } from './question.js';
import { takeTurn, type TakeTurn } from './take-turn.js';
import type { ChartDomain, ChartSpec } from './types.js';

/** A question of a chart, and what the chart was when it left. */
export interface Asked {
  spec: ChartSpec;
  domain: ChartDomain;
  question: Query;
  /** How often the person had moved the axes. */
  moves: number;
  /** Of the clock of `performance`. */
  startedAt: number;
}

/** What a chart does with its questions. A question that a later one has taken the place of is not heard of again. */
export interface AskingParts<A> {
  ask: Ask;
  /** The next question; undefined where there is none. */
  next: () => Asked | undefined;
  /** Resolves when answers can be drawn. */
  ready: () => Promise<void>;
  /** Gets a picture ready before it is shown. */
  prepare: (asked: Asked, frame: DecodedFrame) => Promise<A>;
  onEstimate: (asked: Asked, estimate: DecodedFrame, prepared: A) => void;
  onAnswer: (asked: Asked, frame: DecodedFrame, prepared: A) => void;
  onError: (asked: Asked, error: unknown) => void;
}

/** The questions of a chart, one at a time. */
export interface Asking {
  /**
   * Asks after a delay; without one the question leaves in this very task, before the browser lays out what else has changed. Where
   * other charts ask in the same task each has one of its own: to ask, all of them would take longer than a frame.
   */
  schedule(delayMs: number): void;
  /** How many questions have left. */
  count(): number;
  /** True until the last question is answered, by an estimate at least. */
  isWaiting(): boolean;
  /** Asks no more, and hears of nothing that is on its way. */
  stop(): void;
}

/** `who` is the chart: its answers wait for their turn among those of the page. */
export function createAsking<A>(
  who: object,
  { ask, next, ready, prepare, onEstimate, onAnswer, onError }: AskingParts<A>,
  turnOf: TakeTurn = takeTurn,
): Asking {
  let running: AbortController | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let count = 0;
  let isWaiting = false;
  /** A question waits for its turn: it will be of what is wanted then. */
  let isDue = false;

  function askInTurn(): void {
    if (isDue) return;
    const turn = turnOf(who);
    if (turn === undefined) {
      void askNow();
      return;
    }
    isDue = true;
    isWaiting = true;
    running?.abort();
    void turn.then(() => {
      if (isDue) void askNow();
    });
  }

  async function askNow(): Promise<void> {
    isDue = false;
    isWaiting = false;
    const asked = next();
    if (asked === undefined) return;
    running?.abort();
    const { signal } = (running = new AbortController());
    count++;
    isWaiting = true;
    let isOver = false;
    const estimate = async (frame: DecodedFrame): Promise<void> => {
      await ready();
      await turnOf(who);
      // Nothing found in a sample is not yet nothing.
      if (signal.aborted || isOver || frame.metadata.rows.drawn === 0) return;
      const prepared = await prepare(asked, frame);
      if (signal.aborted || isOver) return;
      isWaiting = false;
      onEstimate(asked, frame, prepared);
    };
    try {
      const [frame] = await Promise.all([
        answer(ask, asked.question, signal, (first) => void estimate(first)),
        ready(),
      ]);
      // Answers to linked charts are often there at once, and their pictures would be made in one long task.
      await turnOf(who);
      if (signal.aborted) return;
      isOver = true;
      const prepared = await prepare(asked, frame);
      if (signal.aborted) return;
      isWaiting = false;
      onAnswer(asked, frame, prepared);
    } catch (error) {
      if (signal.aborted) return;
      isOver = true;
      isWaiting = false;
      onError(asked, error);
    }
  }

  return {
    schedule(delayMs) {
      clearTimeout(timer);
      if (delayMs > 0) timer = setTimeout(askInTurn, delayMs);
      else askInTurn();
    },
    count: () => count,
    isWaiting: () => isWaiting,
    stop() {
      clearTimeout(timer);
      isDue = false;
      running?.abort();
    },
  };
}
