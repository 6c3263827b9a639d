import Link from 'next/link'
import type { ReactNode } from 'react'
import { type Narrowing, narrowedBy } from '#components/audit/words/narrowed-by.ts'
import type { AuditFilterText } from '#lib/features/audit/model/audit-filter.ts'
import { auditHref } from './audit-href.ts'

type Props = {
  /** What holds already. */
  filters: AuditFilterText
  by: Narrowing
  /** What is found then, for screen readers: `this action`. */
  to: string
  className: string
  /** The value. */
  children: ReactNode
}

/** A value of an entry that narrows the trail to entries with the same; plain where it does already. */
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
