/** Rule codes; each has its page `docs/rules/<code>.md`. */
export const FINDING_CODES = [
  'vanishing-gradient',
  'exploding-gradient',
  'non-finite',
  'dead-units',
  'degenerate-gradient',
  'vanishing-in-time',
] as const;
export type FindingCode = (typeof FINDING_CODES)[number];
