import type { Echo } from './listen.ts'
import { createPool } from './pool.ts'
import { verifyPooledSession } from './pooled-session.ts'
import { aboutPooler, PoolerFault } from './pooler-fault.ts'
import { prepareLogin } from './prepare-login.ts'
import type { ProcessName } from './session-of-process.ts'
import type { WaysToPostgres } from './ways-to-postgres.ts'

export type PoolerEcho = Echo & {
  /** The fault of the connection through the pooler, for readiness; undefined: none. */
  fault(): string | undefined
  close(): Promise<void>
}

type Options = { process: ProcessName; ways: WaysToPostgres; onTrouble: (error: unknown) => void }

/** How many wrong connections are ended in one go. */
const attempts = 10

/**
 * Sends notifications through the pooler to the connection that listens directly at Postgres, and checks the sending
 * connection each time. First sets the login's session defaults.
 * @param options.onTrouble receives each fault; anything but a PoolerFault means that Postgres or the pooler is
 * unavailable
 */
export function createPoolerEcho({ process, ways, onTrouble }: Options): PoolerEcho {
  const applicationName = `spaceport-${process}-echo`
  const pool = createPool(ways.queries.url, { process, max: 1, applicationName, throughPooler: true })
  const channel = 'spaceport_echo'
  let login: string | undefined
  let fault: string | undefined = 'not yet checked'

  async function sendOnce(payload: string): Promise<void> {
    const client = await pool.connect()
    let broken = true
    try {
      await verifyPooledSession(client, process, async (session) => {
        if (session.login !== login) throw otherLogin(session.login)
        await client.query('SELECT pg_notify($1, $2)', [channel, payload])
      })
      broken = false
    } finally {
      client.release(broken)
    }
  }

  const otherLogin = (there: string) =>
    new PoolerFault(
      'DATABASE_URL and DATABASE_DIRECT_URL log in as different users',
      `through the pooler it is ${there}, directly ${login} (${aboutPooler})`,
    )

  async function prepareAndSend(payload: string): Promise<void> {
    login ??= await prepareLogin(ways.sessions, process)
    for (let attempt = 1; ; attempt++) {
      try {
        return await sendOnce(payload)
      } catch (error) {
        if (!(error instanceof PoolerFault) || attempt === attempts) throw error
        onTrouble(error)
      }
    }
  }

  return {
    channel,
    async send(payload) {
      try {
        await prepareAndSend(payload)
        fault = undefined
      } catch (error) {
        if (error instanceof PoolerFault && error.ofLogin) login = undefined
        fault = error instanceof PoolerFault ? error.words : 'Postgres does not answer'
        onTrouble(error)
        throw error
      }
    },
    fault: () => fault,
    close: () => pool.end(),
  }
}
