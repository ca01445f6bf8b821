/** Words of a line of text. */
export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'strong' | 'em'; inner: Inline[] }
  | { kind: 'link'; href: string; inner: Inline[] };

/** A part of a text. */
export type Block =
  | { kind: 'heading'; level: 1 | 2 | 3; inner: Inline[] }
  | { kind: 'paragraph'; inner: Inline[] }
  | { kind: 'list'; items: Inline[][] };

/**
 * Reads the little Markdown that texts of dashboards may have: `#` headings, `-` lists, paragraphs, `**strong**`, `*emphasis*`,
 * `code` and links. All else, HTML among it, is text as it stands: what comes out is data, never markup.
 */
export function readMarkdown(text: string): Block[] {
  const blocks: Block[] = [];
  let paragraph: string[] = [];
  let items: string[] = [];
  const flush = (): void => {
    if (paragraph.length > 0)
      blocks.push({ kind: 'paragraph', inner: readInline(paragraph.join(' ')) });
    if (items.length > 0) blocks.push({ kind: 'list', items: items.map(readInline) });
    paragraph = [];
    items = [];
  };
  for (const line of text.split(/\r?\n/u)) {
    const [, marks, heading] = /^(#{1,3})\s+(.*)$/u.exec(line) ?? [];
    const [, item] = /^\s*[-*]\s+(.*)$/u.exec(line) ?? [];
    if (marks !== undefined) {
      flush();
      blocks.push({
        kind: 'heading',
        level: marks.length as 1 | 2 | 3,
        inner: readInline(heading!),
      });
    } else if (item !== undefined) {
      if (paragraph.length > 0) flush();
      items.push(item);
    } else if (line.trim() === '') flush();
    else if (items.length > 0) items[items.length - 1] += ` ${line.trim()}`;
    else paragraph.push(line.trim());
  }
  flush();
  return blocks;
}

// A text within marks begins and ends with no space: a lone star is a star.
const PATTERN =
  /`([^`]+)`|\*\*(?=\S)(.+?\S|\S)\*\*|\*(?=[^\s*])([^*]*[^\s*]|[^\s*])\*|\[([^\]]+)\]\(([^()\s]+)\)/u;

function readInline(text: string): Inline[] {
  const found = PATTERN.exec(text);
  if (found === null) return text === '' ? [] : [{ kind: 'text', text }];
  const [whole, code, strong, em, label, address] = found;
  const before = text.slice(0, found.index);
  const rest = readInline(text.slice(found.index + whole.length));
  return [...(before === '' ? [] : [{ kind: 'text', text: before } as const]), inlineOf(), ...rest];

  function inlineOf(): Inline {
    if (code !== undefined) return { kind: 'code', text: code };
    if (strong !== undefined) return { kind: 'strong', inner: readInline(strong) };
    if (em !== undefined) return { kind: 'em', inner: readInline(em) };
    const href = safeHref(address!);
    return href === undefined
      ? { kind: 'text', text: whole }
      : { kind: 'link', href, inner: readInline(label!) };
  }
}

/** An address that a link may have: of the web or of mail, or one within the app; undefined for all others, scripts among them. */
export function safeHref(address: string): string | undefined {
  if (/^(?:https?:\/\/|mailto:)/iu.test(address)) return address;
  // A colon before the first slash would name another scheme; two slashes would name another host.
  return /^(?!\/\/)[^:\\]*(?:[/?#].*)?$/u.test(address) && !/^[^/?#]*:/u.test(address)
    ? address
    : undefined;
}
