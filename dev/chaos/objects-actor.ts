import { setTimeout as sleep } from 'node:timers/promises'
import type { ApiClient } from './api-client.ts'
import type { ChaosRecord } from './record.ts'

export const numberLabel = 'chaos'
/** About twenty requests a second. */
const pauseMs = 40

/**
 * A person who works in a space all the time: reads, creates and deletes objects. The objects have generated names, so
 * that a request carried out twice creates two.
 */
export async function workInSpace(api: ApiClient, namespace: string, record: ChaosRecord, signal: AbortSignal) {
  const path = `/api/v1/namespaces/${namespace}/configmaps`
  const names = new Map<string, string>()
  for (let number = 0; !signal.aborted; number++) {
    await sleep(pauseMs)
    const began = performance.now()
    const id = String(number)
    const [oldest] = names
    const kind = number % 4 === 0 ? 'POST' : number % 4 === 2 && oldest !== undefined ? 'DELETE' : 'GET'
    if (kind === 'DELETE' && oldest !== undefined) record.asked.add(oldest[0])
    try {
      const { status, text } =
        kind === 'POST'
          ? await api.send('POST', path, { metadata: { generateName: 'chaos-', labels: { [numberLabel]: id } } })
          : kind === 'DELETE'
            ? await api.send('DELETE', `${path}/${oldest?.[1]}`)
            : await api.send('GET', `${path}?limit=5`)
      if (status >= 500 || status === 429) record.fail(`${kind} ${status} ${text.slice(0, 200)}`)
      else if (status >= 400)
        record.violations.push(`${kind} in a space of one's own was answered with ${status}: ${text.slice(0, 300)}`)
      else {
        record.answer(performance.now() - began)
        if (kind === 'POST') {
          record.created.add(id)
          names.set(id, JSON.parse(text).metadata.name)
        }
        if (kind === 'DELETE' && oldest !== undefined) record.deleted.add(oldest[0])
      }
    } catch (error) {
      record.fail(`${kind} ${error instanceof Error ? error.message : error}`)
    }
    // After an error it may or may not be gone; it isn't deleted again.
    if (kind === 'DELETE' && oldest !== undefined) names.delete(oldest[0])
  }
}
