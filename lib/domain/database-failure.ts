/** Codes of Node, Postgres (classes 08, 53, 57) and Prisma that mean the database did not answer: nothing was done. */
const codes =
  /^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN|08\w{3}|53300|57P0[1-3]|P1001|P1002|P1008|P1017|P2024|P2028)$/
const words =
  /connection (terminated|timeout)|timeout exceeded when trying to connect|can't reach database|not queryable|query read timeout|server closed the connection/i

/** @returns whether a failure from lib/db means that the database cannot be reached */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if ('code' in error && typeof error.code === 'string' && codes.test(error.code)) return true
  if (words.test(error.message)) return true
  // Prisma reports every failure it has no name for as P2010 or P2039, with the database's own code in `meta`.
  if ('meta' in error && codes.test(originalCode(error.meta))) return true
  return error.cause !== undefined && isDatabaseUnavailable(error.cause)
}

function originalCode(meta: unknown): string {
  if (typeof meta !== 'object' || meta === null) return ''
  if ('code' in meta && typeof meta.code === 'string') return meta.code
  const driver = 'driverAdapterError' in meta ? meta.driverAdapterError : undefined
  const cause = driver instanceof Error ? driver.cause : undefined
  return typeof cause === 'object' && cause !== null && 'originalCode' in cause ? String(cause.originalCode) : ''
}
