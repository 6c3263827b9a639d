/**
 * @returns whether the database refuses a row for its content: data exceptions and violated constraints
 * (https://www.postgresql.org/docs/current/errcodes-appendix.html)
 */
export const isBadData = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && /^2[23]/.test(error.code)
