import type { ReactNode } from 'react'
import { LinkButton } from '#components/ui/link-button.tsx'

type Props = {
  /** The visible range: "1–25 of 83". */
  children?: ReactNode
  /** For screen readers, on a page with several lists. */
  label?: string
  previous: string | null
  next: string | null
  previousLabel?: string
  nextLabel?: string
}

export function Pagination(props: Props) {
  const { children, label = 'Pages', previous, next, previousLabel = 'Previous', nextLabel = 'Next' } = props
  if (!previous && !next && !children) return null
  return (
    <nav aria-label={label} className="mt-4 flex flex-wrap items-center justify-between gap-3">
      <p className="text-muted text-sm">{children}</p>
      <div className="flex gap-2">
        {previous && (
          <LinkButton size="sm" href={previous} icon="chevron-left">
            {previousLabel}
          </LinkButton>
        )}
        {next && (
          <LinkButton size="sm" href={next}>
            {nextLabel}
          </LinkButton>
        )}
      </div>
    </nav>
  )
}
