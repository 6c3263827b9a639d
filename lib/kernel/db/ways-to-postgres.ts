export type WaysToPostgres = {
  queries: { url: string; throughPooler: boolean }
  /** For what needs a session: notifications, locks that outlast a transaction, other time limits. */
  sessions: string
}

/**
 * @returns one way for everything, or two if DATABASE_URL points to a pooler (docs/configuration.md, “Through
 * PgBouncer”)
 */
export const waysToPostgres = (config: { DATABASE_URL: string; DATABASE_DIRECT_URL?: string }): WaysToPostgres => ({
  queries: { url: config.DATABASE_URL, throughPooler: Boolean(config.DATABASE_DIRECT_URL) },
  sessions: config.DATABASE_DIRECT_URL || config.DATABASE_URL,
})
