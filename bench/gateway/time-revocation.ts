import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import https from 'node:https'
import type { SeededPerson } from '#bench/scene/insert-person.ts'
import type { Contender } from './gateway-scene.ts'

/** How long a credential was accepted after its revocation, in milliseconds. */
export type Revocation = {
  /** Until the last accepted request was sent. */
  letIn: number
  /** Until its last watch had ended. */
  cut: number
}

/**
 * Uses a credential at several gateways, with a loop of requests and a watch at each, and revokes it.
 * @param revoke resolves when the portal has answered
 */
export async function timeRevocation(
  { gateways, caFile }: { gateways: readonly Contender[]; caFile: string },
  { namespace, token }: Pick<SeededPerson, 'namespace' | 'token'>,
  revoke: () => Promise<void>,
): Promise<Revocation> {
  const agent = new https.Agent({ keepAlive: true, ca: readFileSync(caFile) })
  const ask = async (gateway: Contender, query: string) => {
    const url = `${gateway.url}/api/v1/namespaces/${namespace}/pods${query}`
    const request = https.get(url, { agent, headers: { authorization: `Bearer ${token}` } })
    const [response] = await once(request, 'response')
    return response.resume().on('error', () => {})
  }
  /** @returns when the last request with answer 200 was sent */
  const askUntilRefused = async (gateway: Contender): Promise<number> => {
    for (let sent = performance.now(), last = sent; ; last = sent) {
      sent = performance.now()
      const response = await ask(gateway, '')
      await once(response, 'end')
      if (response.statusCode === 401) return last
      if (response.statusCode !== 200) throw new Error(`a request was answered by ${response.statusCode}`)
      if (sent - last > 30_000) throw new Error('a revoked credential still counts after 30 s')
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
  try {
    const watches = await Promise.all(gateways.map((gateway) => ask(gateway, '?watch=true')))
    if (watches.some(({ statusCode }) => statusCode !== 200)) throw new Error('a watch was refused')
    const ended = Promise.all(
      watches.map(async (watch) => {
        await once(watch, 'close')
        return performance.now()
      }),
    )
    const refused = Promise.all(gateways.map(askUntilRefused))
    // All loops have started.
    await new Promise((resolve) => setTimeout(resolve, 100))
    const revokedAt = performance.now()
    await revoke()
    const last = Math.max(...(await refused)) - revokedAt
    return { letIn: Math.max(0, last), cut: Math.max(...(await ended)) - revokedAt }
  } finally {
    agent.destroy()
  }
}
