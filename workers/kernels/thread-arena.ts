import { Arena } from './arena.js';

/** The arena of this thread: it runs one task at a time, to its end. A task resets it first. */
export const threadArena = new Arena();
