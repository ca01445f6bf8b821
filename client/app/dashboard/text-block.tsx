import { useLayoutEffect, useRef } from 'preact/hooks';
import type { JSX } from 'preact';
import { readMarkdown, type Block, type Inline } from './markdown.js';

/** The height of a row of the grid with the gap behind it, and that gap, in CSS pixels. */
const ROW_PX = 40;
const GAP_PX = 12;

/** A text of a dashboard. It tells the grid by `--rows` how many rows it needs. */
export function TextBlock({ text }: { text: string }): JSX.Element {
  const block = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = block.current!;
    const observer = new ResizeObserver(() => {
      const rows = Math.ceil((element.offsetHeight + GAP_PX) / ROW_PX);
      element.parentElement!.style.setProperty('--rows', String(rows));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={block} class="text-block">
      {readMarkdown(text).map((block, index) => (
        <BlockView key={index} block={block} />
      ))}
    </div>
  );
}

function BlockView({ block }: { block: Block }): JSX.Element {
  if (block.kind === 'list') {
    return (
      <ul>
        {block.items.map((item, index) => (
          <li key={index}>
            <Words inner={item} />
          </li>
        ))}
      </ul>
    );
  }
  const words = <Words inner={block.inner} />;
  if (block.kind === 'paragraph') return <p>{words}</p>;
  // The title of the page is the one heading of the first level.
  if (block.level === 1) return <h2>{words}</h2>;
  return block.level === 2 ? <h3>{words}</h3> : <h4>{words}</h4>;
}

function Words({ inner }: { inner: readonly Inline[] }): JSX.Element {
  return (
    <>
      {inner.map((word, index) => (
        <Word key={index} word={word} />
      ))}
    </>
  );
}

function Word({ word }: { word: Inline }): JSX.Element {
  switch (word.kind) {
    case 'text':
      return <>{word.text}</>;
    case 'code':
      return <code>{word.text}</code>;
    case 'strong':
      return (
        <strong>
          <Words inner={word.inner} />
        </strong>
      );
    case 'em':
      return (
        <em>
          <Words inner={word.inner} />
        </em>
      );
    case 'link':
      return (
        <a href={word.href} rel="noopener noreferrer">
          <Words inner={word.inner} />
        </a>
      );
  }
}
