/** Why a source is not what it was and something behind it, or cannot be shown to be: it is then loaded whole. */
export class NotAnAppend extends Error {}
