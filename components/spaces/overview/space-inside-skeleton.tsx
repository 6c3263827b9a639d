import { Section } from '#components/ui/section.tsx'
import { Skeleton } from '#components/ui/skeleton.tsx'

/** Placeholder while the inside of a space is loading. */
export function SpaceInsideSkeleton() {
  return (
    <div aria-busy="true" className="space-y-6">
      <p className="sr-only">Loading what’s inside…</p>
      <Section title="Quota">
        <div className="grid gap-x-8 gap-y-5 sm:grid-cols-2">
          {['cpu', 'memory', 'pods', 'storage'].map((bar) => (
            <Skeleton key={bar} className="h-8" />
          ))}
        </div>
      </Section>
      <Section title="Workloads">
        <Skeleton className="h-24" />
      </Section>
    </div>
  )
}
