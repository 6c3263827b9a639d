import type { NotedReadRow } from '#lib/features/cluster-audit/db/select-recorded-reads.ts'
import type { ClusterEvent } from './cluster-event.ts'

/**
 * A row covers reads for a minute, and clocks are minutes apart at most: later, whoever learned an Audit-ID can't use it
 * again.
 */
const maxApartMs = 10 * 60_000

/**
 * @param rows what the gateway wrote under the Audit-ID that the read names
 * @param handle of the person whom the read was made as
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
  // A list that a field selector narrows to one object has that object's name in the cluster's audit.
  return several || (name === null ? verb !== 'get' : name === resource?.name)
}
