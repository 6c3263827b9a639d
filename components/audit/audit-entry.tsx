'use client'

import { useState } from 'react'
import { AroundBadge } from '#components/audit/event/around-badge.tsx'
import type { EventRow } from '#components/audit/words/event-row.ts'
import { OutcomeBadge } from '#components/audit/words/outcome-badge.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { AbsoluteTime } from '#components/ui/time/absolute-time.tsx'
import type { AuditFilterText } from '#lib/features/audit/model/audit-filter.ts'
import { AuditMore } from './audit-more.tsx'
import { AuditSentence } from './audit-sentence.tsx'
import { NarrowingLink } from './narrowing-link.tsx'
import { Repeats } from './repeats.tsx'

type Props = {
  row: EventRow
  /** Older rows with the same sentence. */
  repeats?: readonly EventRow[]
  filters: AuditFilterText
}

/** One action of the trail: its sentence, with details and earlier repeats on demand. */
export function AuditEntry({ row, repeats = [], filters }: Props) {
  const oldest = repeats.at(-1)
  const [open, setOpen] = useState(false)
  const { id, at, told: sentence, failure, around, reported, outcome } = row
  return (
    <li className="border-b px-3 pt-2.5 last:border-b-0 sm:px-4">
      <div className="flex min-w-0 flex-col gap-x-4 gap-y-1 text-sm sm:flex-row">
        <p className="min-w-0 flex-1 break-words">
          <AuditSentence parts={sentence} linked />
          {failure !== null && <span className="block text-muted">{failure}</span>}
          {reported !== null && <span className="block text-muted text-xs">{reported}</span>}
        </p>
        <div className="flex shrink-0 flex-wrap items-start gap-x-3 gap-y-1 sm:justify-end">
          {around && <AroundBadge />}
          {outcome !== 'ok' && (
            <NarrowingLink
              filters={filters}
              by={{ outcome }}
              to="this outcome"
              className="inline-flex min-h-6 items-start rounded-full hover:underline"
            >
              <OutcomeBadge outcome={outcome} />
            </NarrowingLink>
          )}
          <span className="text-muted">
            <AbsoluteTime at={at} />
          </span>
        </div>
      </div>
      {/* Beneath the sentence, not around it: its links must not be within what unfolds it. */}
      <details className="group" onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className="mb-1 inline-flex min-h-7 list-none items-center gap-1 text-muted text-xs hover:text-ink [&::-webkit-details-marker]:hidden">
          <Icon name="chevron-right" className="size-3 transition-transform group-open:rotate-90" />
          Details
        </summary>
        <div className="-mx-3 sm:-mx-4">
          <AuditMore id={id} open={open} filters={filters} />
        </div>
      </details>
      {oldest && (
        <Repeats count={repeats.length} since={oldest.at}>
          {repeats.map((one) => (
            <AuditEntry key={one.seq} row={one} filters={filters} />
          ))}
        </Repeats>
      )}
    </li>
  )
}
