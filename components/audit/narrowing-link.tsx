import Link from 'next/link'
import type { ReactNode } from 'react'
import { type Narrowing, narrowedBy } from '#components/audit/words/narrowed-by.ts'
import type { AuditFilterText } from '#lib/features/audit/model/audit-filter.ts'
import { auditHref } from './audit-href.ts'

type Props = {
  filters: AuditFilterText
  by: Narrowing
  /** What the link finds, for screen readers: `this action`. */
  to: string
  className: string
  children: ReactNode
}

/** A value that links to entries with the same value. Plain text if the filter already has it. */
export function NarrowingLink({ filters, by, to, className, children }: Props) {
  const narrowed = narrowedBy(filters, by)
  if (!narrowed) return children
  return (
    <Link href={auditHref('/audit', narrowed)} prefetch={false} title={`Show only ${to}`} className={className}>
      {children}
      <span className="sr-only">(show only {to})</span>
    </Link>
  )
}
