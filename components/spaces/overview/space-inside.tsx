import type { SpaceAddress } from '#components/spaces/space-path.ts'
import { Section } from '#components/ui/section.tsx'
import type { Size } from '#lib/domain/size.ts'
import type { SpaceInside as Inside } from '#lib/domain/space-inside.ts'
import { BlockedByQuota } from './blocked-by-quota.tsx'
import { EventList } from './event-list.tsx'
import { QuotaBars } from './quota-bars.tsx'
import { WorkloadTable } from './workload-table.tsx'

type Props = {
  inside: Inside
  address: SpaceAddress
  size: Size
  maxSize: Size
  mayResize: boolean
  owner: string
}

/** What a member sees inside a space: usage, workloads, events. */
export function SpaceInside({ inside, ...resize }: Props) {
  const { quota, workloads, events, blocked } = inside
  return (
    <>
      {blocked && <BlockedByQuota blocked={blocked} {...resize} />}
      <Section title="Quota">
        <QuotaBars usage={quota} />
      </Section>
      <section>
        <h2 className="mb-3 font-semibold">Workloads</h2>
        {workloads.length > 0 ? (
          <WorkloadTable workloads={workloads} />
        ) : (
          <p className="rounded-lg border border-dashed bg-surface px-4 py-6 text-center text-muted text-sm">
            Nothing is running here yet. Deploy something with kubectl, and it shows up here.
          </p>
        )}
      </section>
      <Section title="Recent events">
        {events.length > 0 ? (
          <EventList events={events} />
        ) : (
          <p className="text-muted text-sm">No recent events. Kubernetes keeps them for about an hour.</p>
        )}
      </Section>
    </>
  )
}
