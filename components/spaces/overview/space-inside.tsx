import { Section } from '#components/ui/section.tsx'
import type { SpaceInside as Inside } from '#lib/domain/space-inside.ts'
import { EventList } from './event-list.tsx'
import { QuotaBars } from './quota-bars.tsx'
import { WorkloadTable } from './workload-table.tsx'

/** What a member sees inside a space: usage, workloads, events. */
export function SpaceInside({ inside }: { inside: Inside }) {
  const { quota, workloads, events } = inside
  return (
    <>
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
