import type { ReactNode } from 'react'
import { SpaceColumns } from '#components/spaces/space-columns.tsx'
import { Section } from '#components/ui/section.tsx'
import { Skeleton } from '#components/ui/skeleton.tsx'
import { StripFrame } from './quota-strip.tsx'

/** Placeholder while the inside of a space is loading, as high as a space with a few workloads. */
export function SpaceInsideSkeleton({ facts }: { facts: ReactNode }) {
  return (
    <div aria-busy="true" className="space-y-8">
      <p className="sr-only">Loading what’s inside…</p>
      <StripFrame>
        <ul className="quota-cells">
          {['cpu', 'memory', 'pods', 'volumes', 'storage'].map((cell) => (
            <li key={cell} className="quota-cell">
              <Skeleton className="h-20" />
            </li>
          ))}
        </ul>
      </StripFrame>
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
