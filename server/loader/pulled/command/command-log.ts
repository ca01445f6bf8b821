/** Lines that are told at a time: a program that writes more has only its last ones told. */
const LINES_AT_ONCE = 50;
const EVERY_MS = 200;
/** A longer line is cut. */
const LINE_CHARACTERS = 1000;

/** Takes what a program writes beside its rows, and tells it line by line, as often as anybody can read it. */
export interface CommandLog {
  write(text: string): void;
  /** Tells what has not been told yet. */
  end(): void;
  /** The last line with anything in it. */
  readonly last: string | undefined;
}

export function createCommandLog(tell: (line: string) => void): CommandLog {
  let waiting: string[] = [];
  let begun = '';
  let last: string | undefined;
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    timer = undefined;
    for (const line of waiting) tell(line);
    waiting = [];
  }

  function add(line: string): void {
    const text = line.trimEnd().slice(0, LINE_CHARACTERS);
    if (text.trim() !== '') last = text;
    waiting.push(text);
    if (waiting.length > LINES_AT_ONCE) waiting.shift();
    timer ??= setTimeout(flush, EVERY_MS);
  }

  return {
    write(text) {
      const lines = (begun + text).split('\n');
      begun = lines.pop()!.slice(0, LINE_CHARACTERS);
      for (const line of lines) add(line);
    },
    end() {
      if (begun !== '') add(begun);
      begun = '';
      clearTimeout(timer);
      flush();
    },
    get last() {
      return last;
    },
  };
}
