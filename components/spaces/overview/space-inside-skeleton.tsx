import type { ReactNode } from 'react'
import { SpaceColumns } from '#components/spaces/space-columns.tsx'
import { Section } from '#components/ui/section.tsx'
import { Skeleton } from '#components/ui/skeleton.tsx'

/** Placeholder while the inside of a space is loading, as high as a space with a few workloads. */
export function SpaceInsideSkeleton({ facts }: { facts: ReactNode }) {
  return (
    <div aria-busy="true">
      <p className="sr-only">Loading what’s inside…</p>
      <SpaceColumns
        main={
          <Section title="Workloads" content="bare">
            <Skeleton className="h-40" />
          </Section>
        }
        aside={
          <>
            <Section title="Quota">
              <div className="grid gap-x-8 gap-y-5 sm:grid-cols-2 @4xl:grid-cols-1">
                {['cpu', 'memory', 'pods', 'volumes', 'storage'].map((bar) => (
                  <Skeleton key={bar} className="h-8" />
                ))}
              </div>
            </Section>
            {facts}
          </>
        }
        below={
          <Section title="Recent events">
            <Skeleton className="h-24" />
          </Section>
        }
      />
    </div>
  )
}
