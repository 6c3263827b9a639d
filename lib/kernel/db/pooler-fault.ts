import pg from 'pg'

/**
 * What keeps a process from using the pooler. Its code is that of a server that doesn’t take connections yet, so that
 * whatever needs the database waits or is refused, as while Postgres is away.
 */
export class PoolerFault extends Error {
  override readonly name = 'PoolerFault'
  readonly code = '57P03'
  /** For readiness, whose callers aren’t authenticated: without names of hosts or logins. */
  readonly words: string
  /** Whether the login has to be prepared again. */
  readonly ofLogin: boolean

  /** @param remedy what the operator does about it; for the log */
  constructor(words: string, remedy: string, { ofLogin = false } = {}) {
    super(`${words}: ${remedy}`)
    this.words = words
    this.ofLogin = ofLogin
  }
}

export const aboutPooler = 'docs/configuration.md, “Through PgBouncer”'

/** Of a URL on which nothing that belongs to a session works. */
export const deafWay = (): PoolerFault =>
  new PoolerFault(
    'DATABASE_DIRECT_URL leads to a pooler, or to another database than DATABASE_URL',
    `give it the address of Postgres itself (${aboutPooler})`,
  )

/** @throws PoolerFault for what PgBouncer says to startup options (protocol_violation); else the error itself */
export function asPoolerFault(error: unknown): never {
  if (error instanceof pg.DatabaseError && error.code === '08P01') throw Object.assign(deafWay(), { cause: error })
  throw error
}
