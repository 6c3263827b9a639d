import pg from 'pg'

/**
 * Keeps a process from using the pooler. Has the code of a server that doesn’t accept connections yet, so that callers
 * treat it as an unavailable Postgres.
 */
export class PoolerFault extends Error {
  override readonly name = 'PoolerFault'
  readonly code = '57P03'
  /** For readiness, which is public: no names of hosts or logins. */
  readonly words: string
  /** Whether the login has to be prepared again. */
  readonly ofLogin: boolean

  /** @param remedy what the operator can do; for the log */
  constructor(words: string, remedy: string, { ofLogin = false } = {}) {
    super(`${words}: ${remedy}`)
    this.words = words
    this.ofLogin = ofLogin
  }
}

export const aboutPooler = 'docs/configuration.md, “Through PgBouncer”'

export const noSessionsFault = (): PoolerFault =>
  new PoolerFault(
    'DATABASE_DIRECT_URL points to a pooler, or to another database than DATABASE_URL',
    `set it to the address of Postgres itself (${aboutPooler})`,
  )

/** @throws PoolerFault if PgBouncer refused the startup options (protocol_violation); otherwise the error itself */
export function asPoolerFault(error: unknown): never {
  if (error instanceof pg.DatabaseError && error.code === '08P01')
    throw Object.assign(noSessionsFault(), { cause: error })
  throw error
}
