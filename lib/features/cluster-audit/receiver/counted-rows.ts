/**
 * Rows that are counted because there are too many: one for each minute, user, namespace, verb and resource, with the
 * content of the first one and the number. They wait in the database until the minute is over, so nothing acknowledged
 * is lost.
 */
import { createHash, randomUUID } from 'node:crypto'
import type { CountedRow } from '#lib/features/cluster-audit/db/counted-audit.ts'
import type { ClusterRow } from './render-row.ts'

const minuteMs = 60_000
/** Per cluster and minute. Anyone who may issue tokens can be any number of users, so the others share one row. */
const maxKinds = 100

/** @returns a function that counts the excess rows of a cluster's batch */
export function createCounting() {
  let current = 0
  const kinds = new Map<string, Set<string>>()

  function keyOf(clusterId: string, row: ClusterRow): string | null {
    const { user_name, namespace, action, target_kind, route, outcome } = row
    const key = hashOf([user_name, namespace, action, target_kind, route, outcome])
    const known = kinds.get(clusterId) ?? new Set()
    kinds.set(clusterId, known)
    if (!known.has(key) && known.size >= maxKinds) return null
    known.add(key)
    return key
  }

  return (clusterId: string, rows: readonly ClusterRow[], now: number): CountedRow[] => {
    const minute = Math.floor(now / minuteMs)
    if (minute !== current) kinds.clear()
    current = minute
    const counted = new Map<string, CountedRow>()
    for (const row of rows) {
      const own = keyOf(clusterId, row)
      const key = own ?? hashOf([])
      const { count = 0, row: first } = counted.get(key) ?? {}
      counted.set(key, {
        minute: new Date(minute * minuteMs),
        key,
        count: count + 1,
        row: first ?? summaryOf(row, own === null),
      })
    }
    return [...counted.values()]
  }
}

const hashOf = (parts: readonly unknown[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex')

/** The common content of all events counted together. */
function summaryOf(row: ClusterRow, several: boolean): ClusterRow {
  const summary = { ...row, target_id: null, target_name: null, fingerprint: `counted;${randomUUID()}` }
  if (!several) return summary
  const severalUsers = { actor_kind: 'cluster', actor_id: null, actor_handle: null, actor_name: 'several users' }
  const nowhere = { space_id: null, namespace: null, target_kind: 'path', source_address: null, user_agent: null }
  const request = { action: 'cluster.request', outcome: 'ok', reason: null, detail: '{"verb":"request"}' }
  return { ...summary, ...severalUsers, ...nowhere, ...request, route: 'around', proof: 'none' }
}
