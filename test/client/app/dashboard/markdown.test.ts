import { describe, expect, test } from 'vitest';
import { readMarkdown, safeHref } from '../../../../client/app/dashboard/markdown.js';

const text = (words: string) => ({ kind: 'text', text: words });

describe('the texts of dashboards', () => {
  test('have headings, paragraphs, lists, strong, emphasis, code and links', () => {
    expect(
      readMarkdown('# A\n\none\ntwo **b *c* e** `d*e*`\n- x\n- [y](https://a.b/c?d=1)\n'),
    ).toEqual([
      { kind: 'heading', level: 1, inner: [text('A')] },
      {
        kind: 'paragraph',
        inner: [
          text('one two '),
          { kind: 'strong', inner: [text('b '), { kind: 'em', inner: [text('c')] }, text(' e')] },
          text(' '),
          { kind: 'code', text: 'd*e*' },
        ],
      },
      {
        kind: 'list',
        items: [[text('x')], [{ kind: 'link', href: 'https://a.b/c?d=1', inner: [text('y')] }]],
      },
    ]);
  });

  test('take all else as it stands', () => {
    for (const odd of [
      '<img src=x onerror=alert(1)>',
      '2 * 3 * 4',
      '[a](javascript:alert(1))',
      '**',
      '[',
      '#x',
    ]) {
      expect(readMarkdown(odd)).toEqual([{ kind: 'paragraph', inner: [text(odd)] }]);
    }
    expect(readMarkdown('')).toEqual([]);
  });

  test('link to the web, to mail and within the app, and nowhere else', () => {
    for (const good of [
      'https://a.b',
      'HTTP://a',
      'mailto:a@b',
      'd/sales?f.a=b:c',
      './',
      '#x',
      'explore/a/b',
    ])
      expect(safeHref(good), good).toBe(good);
    for (const bad of [
      'javascript:alert(1)',
      'JaVaScript:x',
      'data:text/html,x',
      '//evil.example',
      'vbscript:x',
      '\\\\evil',
      'java\tscript:x',
    ])
      expect(safeHref(bad), bad).toBeUndefined();
  });

  test('are read in time that grows with their length', () => {
    const long = '*a '.repeat(3_000) + '[x]('.repeat(3_000) + '`'.repeat(3_000);
    expect(readMarkdown(long).length).toBe(1);
  });
});
