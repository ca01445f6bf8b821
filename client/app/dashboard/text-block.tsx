import type { JSX } from 'preact';
import { readMarkdown, type Block, type Inline } from './markdown.js';

/** A text of a dashboard. */
export function TextBlock({ text }: { text: string }): JSX.Element {
  return (
    <div class="text-block">
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
