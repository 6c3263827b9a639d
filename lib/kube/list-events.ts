import { z } from 'zod'
import type { SpaceEvent } from '#lib/domain/space-inside.ts'
import type { Cluster } from './cluster.ts'
import { listAll } from './list-all.ts'
import { collectionPath } from './object-path.ts'
import type { AsPerson } from './request.ts'

/** The API server does not sort by time: if there are more events than this, some of the newest may be missing. */
const maxRead = 2000

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

/** @returns the events of a space, newest first, read as a person */
export async function listEvents(cluster: Cluster, as: AsPerson, namespace: string): Promise<SpaceEvent[]> {
  const events = await listAll(
    cluster,
    { path: collectionPath('v1', 'events', namespace), query: { resourceVersion: '0' }, as, max: maxRead },
    eventSchema,
  )
  return events
    .map(
      (event): SpaceEvent => ({
        type: event.type === 'Warning' ? 'Warning' : 'Normal',
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
}
