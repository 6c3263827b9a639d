import { classNames } from './class-names.ts'

/** A placeholder. Give it the size of the content: `<Skeleton className="h-5 w-40" />`. */
export const Skeleton = ({ className }: { className?: string }) => (
  <div aria-hidden="true" className={classNames('animate-pulse rounded-md bg-line', className ?? 'h-4 w-full')} />
)
