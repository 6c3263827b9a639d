import { setTimeout as sleep } from 'node:timers/promises'
import type { ApiClient } from './api-client.ts'
import type { ChaosRecord } from './record.ts'

/**
 * From now on no gateway may serve the person. A stopped one serves no one; a restarted one is asked again.
 * @param apis the person's clients, one for each gateway
 */
export async function assertRefused(
  apis: readonly ApiClient[],
  path: string,
  why: string,
  record: ChaosRecord,
): Promise<void> {
  const began = performance.now()
  let refusedAt = began
  // Long enough for a killed gateway to be back.
  const until = began + 5_000
  await Promise.all(
    apis.map(async (api) => {
      let isFirst = true
      while (performance.now() < until) {
        const status = await api.send('GET', path).then(
          (answer) => answer.status,
          () => 0,
        )
        if (status >= 200 && status < 300) record.violations.push(`Served although ${why}: ${status} on ${path}`)
        if (isFirst && (status === 401 || status === 403)) {
          isFirst = false
          refusedAt = Math.max(refusedAt, performance.now())
        }
        await sleep(250)
      }
    }),
  )
  record.revoked.push(refusedAt - began)
}
