import { listen } from './listen.ts'
import { createPoolerEcho } from './pooler-echo.ts'
import { PoolerFault } from './pooler-fault.ts'
import type { ProcessName } from './session-of-process.ts'
import type { WaysToPostgres } from './ways-to-postgres.ts'

export type Pooler = {
  /** The fault, for readiness; undefined: none. */
  fault(): string | undefined
  close(): Promise<void>
}

type Options = { process: ProcessName; ways: WaysToPostgres; onTrouble: (error: unknown) => void }

/**
 * Verifies, now and every five seconds, that both URLs lead to the same database, that DATABASE_DIRECT_URL supports
 * sessions, and that the pooler’s connections are right.
 * @returns once everything is verified
 * @throws PoolerFault when it isn’t so; what the driver throws when either doesn’t answer
 */
export async function watchPooler({ process, ways, onTrouble }: Options): Promise<Pooler> {
  const echo = createPoolerEcho({ process, ways, onTrouble })
  const proven = Promise.withResolvers<void>()
  let deaf: string | undefined
  const listening = listen({
    process,
    databaseUrl: ways.sessions,
    applicationName: `spaceport-${process}-echo`,
    channels: [],
    echo,
    onMessage: () => {},
    onConnected() {
      deaf = undefined
      proven.resolve()
    },
    onLost(error) {
      deaf = error instanceof PoolerFault ? error.words : 'Postgres does not answer directly'
      proven.reject(error)
      onTrouble(error)
    },
  })
  const close = async () => {
    await listening.close()
    await echo.close()
  }
  try {
    await proven.promise
  } catch (error) {
    await close()
    throw error
  }
  return { fault: () => echo.fault() ?? deaf, close }
}
