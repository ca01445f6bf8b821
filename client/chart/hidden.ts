import type { ColorInfo } from '../../protocol/frame.js';

type Labels = readonly (string | null)[];
type Category = Extract<ColorInfo, { kind: 'category' }>['categories'][number];

/** Gives the categories that are hidden after a click, from those that were. */
export type Hide = (color: ColorInfo | undefined, hidden: Labels) => Labels;

/** A category as `hidden` names it. */
export const labelOf = ({ label, role }: Pick<Category, 'label' | 'role'>): string | null =>
  role === 'null' ? null : label;

const labelsOf = (color: ColorInfo | undefined): Labels =>
  color?.kind === 'category' ? color.categories.map(labelOf) : [];

/** Hides a category, or shows it again; whoever hides the last one sees all. */
export function toggleHidden(
  color: ColorInfo | undefined,
  hidden: Labels,
  label: string | null,
): Labels {
  if (hidden.includes(label)) return hidden.filter((each) => each !== label);
  const next = [...hidden, label];
  return labelsOf(color).every((each) => next.includes(each)) ? [] : next;
}

/** Hides all but one category; where it is alone already, shows all. */
export function isolate(
  color: ColorInfo | undefined,
  hidden: Labels,
  label: string | null,
): Labels {
  const others = labelsOf(color).filter((each) => each !== label);
  const isAlone = !hidden.includes(label) && others.every((each) => hidden.includes(each));
  return isAlone ? [] : others;
}
