import { z } from 'zod'
import { eventType } from '#lib/kernel/model/spaces/event-type.ts'
import { maxRead, type SpaceEvent } from '#lib/kernel/model/spaces/space-inside.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { listUpTo } from '#lib/kube/client/list-all.ts'
import { collectionPath } from '#lib/kube/client/object-path.ts'
import type { Reader } from '#lib/kube/client/request.ts'

const time = z.string().nullish()
const eventSchema = z.object({
  metadata: z.object({ creationTimestamp: z.string() }),
  type: z.string().default('Normal'),
  reason: z.string().default(''),
  message: z.string().default(''),
  involvedObject: z.object({ kind: z.string().default(''), name: z.string().default('') }),
  count: z.number().nullish(),
  lastTimestamp: time,
  eventTime: time,
  series: z.object({ count: z.number().default(1), lastObservedTime: time }).nullish(),
})

/**
 * Reads as a person.
 * @returns newest first, at most 5,000, and whether there are more. The API server does not sort by time, so some of
 * the newest may be missing then
 */
export async function listEvents(
  cluster: Cluster,
  as: Reader,
  namespace: string,
  signal?: AbortSignal,
): Promise<{ items: SpaceEvent[]; more: boolean }> {
  const path = collectionPath('v1', 'events', namespace)
  const bounds = { max: maxRead.events, maxLength: Number.POSITIVE_INFINITY }
  const asked = { path, query: { resourceVersion: '0' }, as, ...bounds, ...(signal && { signal }) }
  const found = await listUpTo(cluster, asked, eventSchema)
  const items = found.items
    .map(
      (event): SpaceEvent => ({
        type: eventType(event),
        reason: event.reason,
        message: event.message.slice(0, 500),
        object: `${event.involvedObject.kind}/${event.involvedObject.name}`,
        count: event.series?.count ?? event.count ?? 1,
        lastSeen: new Date(
          event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp,
        ).toISOString(),
      }),
    )
    .sort((a, b) => (a.lastSeen < b.lastSeen ? 1 : a.lastSeen > b.lastSeen ? -1 : 0))
  return { items, more: found.more }
}
