/** A parsed filter (RFC 7644, section 3.4.2.2). Paths are lower case, without the URN of the core schema. */
export type Filter =
  | { kind: 'and' | 'or'; of: readonly Filter[] }
  | { kind: 'not'; of: Filter }
  | { kind: 'present'; path: string }
  | { kind: 'compare'; path: string; operator: Operator; value: Literal }
  /** One element of a multi-valued attribute fulfils all of it. */
  | { kind: 'element'; path: string; of: Filter }

export const operators = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const
export type Operator = (typeof operators)[number]
export type Literal = string | number | boolean | null
