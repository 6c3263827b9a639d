import type { NotedReadRow } from '#lib/features/cluster-audit/db/select-recorded-reads.ts'
import type { ClusterEvent } from './cluster-event.ts'

/** A row covers reads for a minute, and clocks differ by minutes at most. After this, a leaked Audit-ID is useless. */
const maxApartMs = 10 * 60_000

/**
 * @param rows the gateway's rows for the Audit-ID of the read
 * @param handle of the impersonated person
 * @returns whether one of them covers the read: the same person, verb and place, at that time
 */
export const isNoted = (event: ClusterEvent, handle: string, rows: readonly NotedReadRow[]): boolean =>
  rows.some(
    (row) =>
      row.handle === handle &&
      row.action === `kubectl.${event.verb}` &&
      row.kind === kindOf(event) &&
      coversPlace(row, event) &&
      Math.abs(row.at.getTime() - Date.parse(event.at)) <= maxApartMs,
  )

const kindOf = ({ resource }: ClusterEvent): string =>
  resource === null ? '' : `${resource.resource}${resource.subresource && `/${resource.subresource}`}`

function coversPlace({ several, namespace, name }: NotedReadRow, { verb, resource }: ClusterEvent): boolean {
  if (several && namespace === null) return true
  if ((namespace ?? '') !== (resource?.namespace ?? '')) return false
  // For a list that a field selector narrows to one object, the cluster's audit has that object's name.
  return several || (name === null ? verb !== 'get' : name === resource?.name)
}
