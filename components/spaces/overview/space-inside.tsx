import type { ReactNode } from 'react'
import { linkEvents } from '#components/spaces/event-links.ts'
import { EventList } from '#components/spaces/event-list.tsx'
import { troublesInWords } from '#components/spaces/health-words.ts'
import { LeftOut } from '#components/spaces/left-out.tsx'
import { MoreRows, rowsShown } from '#components/spaces/more-rows.tsx'
import { SpaceColumns } from '#components/spaces/space-columns.tsx'
import { spacePath } from '#components/spaces/space-path.ts'
import { EmptyState } from '#components/ui/empty-state.tsx'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import { Section } from '#components/ui/section.tsx'
import type { WaitingSize } from '#lib/kernel/model/requests/request-view.ts'
import type { SpaceInside as Inside } from '#lib/kernel/model/spaces/space-inside.ts'
import { BlockedByQuota, type Resizing } from './blocked-by-quota.tsx'
import { QuotaStrip } from './quota-strip.tsx'
import { UsageOverTime } from './usage-over-time.tsx'
import { WorkloadTable } from './workload-table.tsx'

type Props = {
  inside: Inside
  resizing: Resizing
  /** The pending request for a larger size. */
  asked: WaitingSize | null
  mayOpenShell: boolean
  /** Whether to show all workloads. */
  all: boolean
  /** Null: not allowed. */
  restart: FormAction | null
  /** The first steps, until they are done; null: none, or not for this person. */
  firstSteps: ReactNode
  /** In the side column. */
  facts: ReactNode
}

/** What a member sees inside a space: the quota first, then workloads, events, and usage. */
export function SpaceInside(props: Props) {
  const { inside, facts, firstSteps, mayOpenShell, all, restart, resizing, asked } = props
  const { quota, workloads, events, blocked, inUse, leftOut } = inside
  return (
    <>
      <QuotaStrip usage={quota} {...{ workloads, inUse }} />
      <LeftOut what={leftOut} />
      {blocked && <BlockedByQuota blocked={blocked} asked={asked} {...resizing} />}
      <SpaceColumns
        main={
          <div className="space-y-8">
            <Section
              title={workloads.length === 0 && firstSteps ? 'First steps' : <WorkloadsTitle workloads={workloads} />}
              content="bare"
            >
              {workloads.length > 0 ? (
                <>
                  <WorkloadTable
                    {...{ workloads: rowsShown(workloads, all), inUse, mayOpenShell, restart }}
                    address={resizing.address}
                  />
                  <MoreRows
                    {...{ what: 'workloads', count: workloads.length, all }}
                    href={spacePath(resizing.address, undefined, { rows: 'all' })}
                  />
                </>
              ) : (
                firstSteps || (
                  <EmptyState icon="space" title="Nothing is running here yet" heading="h3">
                    Whatever editors and admins of this space deploy shows up here.
                  </EmptyState>
                )
              )}
            </Section>
            {workloads.length > 0 && firstSteps}
          </div>
        }
        aside={facts}
        below={
          <div className="space-y-8">
            <EventList title="Recent events" events={linkEvents(events, workloads, resizing.address)} />
            <UsageOverTime address={resizing.address} />
          </div>
        }
      />
    </>
  )
}

function WorkloadsTitle({ workloads }: Pick<Inside, 'workloads'>) {
  const troubles = troublesInWords(workloads)
  return (
    <>
      Workloads
      {workloads.length > 0 && <span className="font-normal text-muted"> {workloads.length}</span>}
      {troubles && <span className="font-normal text-bad"> · {troubles}</span>}
    </>
  )
}
