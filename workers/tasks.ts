// The one file that Piscina loads: every export is a task. Tasks are synchronous, pure but for `readSpans`,
// and look at their cancel word at least every 20 ms.
export { ping } from './ping.js';
