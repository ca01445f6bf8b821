import { expect, test, vi } from 'vitest';
import { cutAt, escapeMarkup, shorten } from '../../../client/chart/label-text.js';

const byLetter = (text: string): number => 6 * text.length;

test('a label that fits stays, and a longer one is as long as can be', () => {
  expect(shorten('Nordkap', 42, byLetter)).toBe('Nordkap');
  for (let width = 12; width < 42; width++) {
    const cut = shorten('Nordkap', width, byLetter);
    expect(cut).toBe(`${'Nordkap'.slice(0, Math.floor(width / 6) - 1)}…`);
  }
  // One letter is left, however narrow it is.
  expect(shorten('Nordkap', 0, byLetter)).toBe('N…');
  expect(shorten('New York', 30, byLetter)).toBe('New…');
});

test('no half of a character is left, which no address and no picture could hold', () => {
  expect(cutAt('a😀b', 2)).toBe('a');
  expect(cutAt('a😀b', 3)).toBe('a😀');
  expect(shorten('😀😀😀', 24, byLetter)).toBe('😀…');
  for (let width = 0; width < 60; width++) {
    expect(() => encodeURIComponent(shorten('🎈🎈🎈🎈🎈', width, byLetter))).not.toThrow();
  }
});

test('a long text is measured a few times', () => {
  const measure = vi.fn(byLetter);
  shorten('x'.repeat(100_000), 60, measure);
  expect(measure.mock.calls.length).toBeLessThan(20);
});

test('markup in data stays text', () => {
  expect(escapeMarkup('<b>a & b</b>')).toBe('&lt;b&gt;a &amp; b&lt;/b&gt;');
});
