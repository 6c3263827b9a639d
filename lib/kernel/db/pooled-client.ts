import type pg from 'pg'
import { clientClass } from './traced-client.ts'

/**
 * A Postgres client for a pooler, which may run each statement on another connection. So it prepares no statement by
 * name, and sets UTC in the startup message, which the pooler passes on.
 * @returns the class, traced if tracing is on
 */
export function pooledClientClass(): typeof pg.Client {
  const Client = clientClass()
  class PooledClient extends Client {
    constructor(config?: string | pg.ClientConfig) {
      super(config)
      const query = this.query.bind(this) as (...args: unknown[]) => unknown
      Object.assign(this, { query: (...args: unknown[]) => query(withoutName(args[0]), ...args.slice(1)) })
    }

    /** pg's startup message. PgBouncer keeps TimeZone per client. */
    getStartupConf(): Record<string, unknown> {
      const startup = (Client.prototype as { getStartupConf?: () => Record<string, unknown> }).getStartupConf
      return { ...startup?.call(this), TimeZone: 'UTC' }
    }
  }
  return PooledClient
}

function withoutName(asked: unknown): unknown {
  const named = typeof asked === 'object' && asked !== null && 'name' in asked && !('submit' in asked)
  return named ? { ...asked, name: undefined } : asked
}
