import { classNames } from './class-names.ts'

/** A place that is being filled. Give it the size of what will come: `<Skeleton className="h-5 w-40" />`. */
export const Skeleton = ({ className }: { className?: string }) => (
  <div aria-hidden="true" className={classNames('animate-pulse rounded-md bg-line', className ?? 'h-4 w-full')} />
)

/** The shape of a page with a heading and some rows, for loading.tsx. */
export function PageSkeleton({ rows = 6 }: { rows?: number }) {
  return (
    <div aria-busy="true">
      <p className="sr-only">Loading…</p>
      <div className="mb-6 flex items-center justify-between">
        <Skeleton className="h-8 w-48" />
        <Skeleton className="h-9 w-28" />
      </div>
      <div className="space-y-4 rounded-lg border bg-surface p-5">
        {Array.from({ length: rows }, (_, row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all the same and never move
          <Skeleton key={row} className="h-5 w-full" />
        ))}
      </div>
    </div>
  )
}
