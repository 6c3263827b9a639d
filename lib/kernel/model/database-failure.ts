/** Postgres: lock_not_available. */
const busyCodes = /^55P03$/
/**
 * Codes of Node, Postgres (classes 08, 53, 57, and lock timeouts) and Prisma that mean the database did not answer:
 * nothing was done.
 */
const codes =
  /^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN|08\w{3}|53300|57P0[1-3]|55P03|P1001|P1002|P1008|P1017|P2024|P2028)$/
const words =
  /connection (terminated|timeout)|^timeout expired$|timeout exceeded when trying to connect|can't reach database|not queryable|query read timeout|server closed the connection/i

/** @returns whether a query failed because of an unreachable database or a lock timeout */
export const isDatabaseUnavailable = (error: unknown): boolean => has(error, codes, words)

/** @returns whether it failed because of a lock timeout: retrying is right, and nothing is broken */
export const isDatabaseBusy = (error: unknown): boolean => has(error, busyCodes, null)

function has(error: unknown, ofCode: RegExp, ofMessage: RegExp | null): boolean {
  if (!(error instanceof Error)) return false
  if ('code' in error && typeof error.code === 'string' && ofCode.test(error.code)) return true
  if (ofMessage?.test(error.message)) return true
  // Prisma reports failures it has no name for as P2010 or P2039, with the database's own code in `meta`.
  if ('meta' in error && ofCode.test(originalCode(error.meta))) return true
  return error.cause !== undefined && has(error.cause, ofCode, ofMessage)
}

function originalCode(meta: unknown): string {
  if (typeof meta !== 'object' || meta === null) return ''
  if ('code' in meta && typeof meta.code === 'string') return meta.code
  const driver = 'driverAdapterError' in meta ? meta.driverAdapterError : undefined
  const cause = driver instanceof Error ? driver.cause : undefined
  return typeof cause === 'object' && cause !== null && 'originalCode' in cause ? String(cause.originalCode) : ''
}
