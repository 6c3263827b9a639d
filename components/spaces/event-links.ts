import { eventPages } from '#lib/features/spaces/model/event-page.ts'
import type { EventGroup, PlacedWorkload } from '#lib/kernel/model/spaces/space-inside.ts'
import { type SpaceAddress, spacePath } from './space-path.ts'

/** With the page of its object; null: none. */
export type LinkedEvent = EventGroup & { href: string | null }

/** @returns events with links to their objects' pages */
export function linkEvents(
  events: readonly EventGroup[],
  workloads: readonly PlacedWorkload[],
  address: SpaceAddress,
): LinkedEvent[] {
  const pageOf = eventPages(workloads)
  return events.map((event) => {
    const of = pageOf(event.object)
    return { ...event, href: of && spacePath(address, 'workload', { of }) }
  })
}
