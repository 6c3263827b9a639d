import type { ReactNode } from 'react'
import { SpaceColumns } from '#components/spaces/space-columns.tsx'
import { Section } from '#components/ui/section.tsx'
import { Skeleton } from '#components/ui/skeleton.tsx'
import { Strip } from '#components/ui/strip.tsx'

/** Placeholder while the inside of a space is loading, as high as a space with a few workloads. */
export function SpaceInsideSkeleton({ facts }: { facts: ReactNode }) {
  return (
    <div aria-busy="true" className="space-y-8">
      <p className="sr-only">Loading what’s inside…</p>
      <Strip label="Quota">
        <ul className="strip-cells">
          {['cpu', 'memory', 'pods', 'volumes', 'storage'].map((cell) => (
            <li key={cell} className="strip-cell">
              <Skeleton className="h-20" />
            </li>
          ))}
        </ul>
      </Strip>
      <SpaceColumns
        main={
          <Section title="Workloads" content="bare">
            <Skeleton className="h-40" />
          </Section>
        }
        aside={facts}
        below={
          <Section title="Recent events">
            <Skeleton className="h-24" />
          </Section>
        }
      />
    </div>
  )
}
