import { Type, type Static } from 'typebox';

/** What a parameter of a computed dataset can be. */
export const PARAMETER_TYPES = [
  'text',
  'integer',
  'number',
  'boolean',
  'date',
  'timestamp',
] as const;
export type ParameterType = (typeof PARAMETER_TYPES)[number];

export const ParameterValue = Type.Union([Type.String(), Type.Number(), Type.Boolean()]);
export type ParameterValue = Static<typeof ParameterValue>;

/** A parameter: what it takes, and what it is where nobody says. */
export const Parameter = Type.Object(
  {
    type: Type.Union(PARAMETER_TYPES.map((type) => Type.Literal(type))),
    default: Type.Union([Type.String(), Type.Number(), Type.Boolean()], {
      title: 'a text, a number, true or false',
      description: 'The value where nobody says.',
    }),
    values: Type.Optional(
      Type.Array(ParameterValue, {
        minItems: 1,
        maxItems: 1000,
        description: 'The only values that it takes.',
      }),
    ),
  },
  { additionalProperties: false, title: 'a parameter' },
);
export type Parameter = {
  type: ParameterType;
  default: ParameterValue;
  values?: ParameterValue[];
};
export type Parameters = Readonly<Record<string, Parameter>>;
