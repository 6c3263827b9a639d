'use client'

import { type MouseEvent, useRef, useState } from 'react'
import type { EventRow } from '#components/audit/words/event-row.ts'
import { OutcomeBadge } from '#components/audit/words/outcome-badge.tsx'
import { Icon } from '#components/ui/icon.tsx'
import type { AuditFilterText } from '#lib/features/audit/model/audit-filter.ts'
import { AuditMore } from './audit-more.tsx'
import { NarrowingLink } from './narrowing-link.tsx'
import { Repeats } from './repeats.tsx'
import { TrailRow } from './trail-row.tsx'

type Props = {
  row: EventRow
  /** Older rows with the same sentence. */
  repeats?: readonly EventRow[]
  filters: AuditFilterText
}

/** One action of the trail. It opens to its details, and to earlier repeats. */
export function AuditEntry({ row, repeats = [], filters }: Props) {
  const oldest = repeats.at(-1)
  const [open, setOpen] = useState(false)
  const opener = useRef<HTMLElement>(null)
  const { id, outcome } = row
  return (
    <TrailRow
      row={row}
      linked
      onClick={(event) => isPlainClick(event) && opener.current?.click()}
      marks={
        <>
          {oldest && <span className="text-muted text-xs tabular-nums">×{repeats.length + 1}</span>}
          {outcome !== 'ok' && (
            <NarrowingLink
              filters={filters}
              by={{ outcome }}
              to="this outcome"
              className="inline-flex min-h-6 items-center rounded-full hover:underline"
            >
              <OutcomeBadge outcome={outcome} />
            </NarrowingLink>
          )}
        </>
      }
    >
      {/* Beside the sentence, not around it: its links must not be within what unfolds it. */}
      <details onToggle={(event) => event.target === event.currentTarget && setOpen(event.currentTarget.open)}>
        <summary ref={opener} className="trail-opener">
          <span className="sr-only">Details</span>
          <Icon name="chevron-right" className="size-3" />
        </summary>
        <div>
          {oldest && (
            <Repeats count={repeats.length} since={oldest.at}>
              {repeats.map((one) => (
                <AuditEntry key={one.seq} row={one} filters={filters} />
              ))}
            </Repeats>
          )}
          <AuditMore id={id} open={open} filters={filters} />
        </div>
      </details>
    </TrailRow>
  )
}

/** Whether it follows no link, and selects no text. */
const isPlainClick = ({ target }: MouseEvent): boolean =>
  target instanceof Element && !target.closest('a, button') && getSelection()?.isCollapsed !== false
