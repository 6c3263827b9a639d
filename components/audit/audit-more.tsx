'use client'

import { useEffect, useState } from 'react'
import { AuditAnswers, AuditRaw } from '#components/audit/event/audit-details.tsx'
import type { AuditEventData } from '#components/audit/event/audit-event-data.ts'
import { eventPath } from '#components/audit/event/story-path.ts'
import { LinkButton } from '#components/ui/link-button.tsx'
import type { AuditFilterText } from '#lib/features/audit/model/audit-filter.ts'

type Props = {
  id: string
  open: boolean
  filters: AuditFilterText
}

/** The details of a listed action, fetched when they are opened. */
export function AuditMore({ id, open, filters }: Props) {
  const [event, setEvent] = useState<AuditEventData | null>(null)
  const [failed, setFailed] = useState(false)
  const wanted = open && event === null
  useEffect(() => {
    if (!wanted) return
    const abort = new AbortController()
    setFailed(false)
    fetchEvent(id, abort.signal).then(setEvent, () => {
      if (!abort.signal.aborted) setFailed(true)
    })
    return () => abort.abort()
  }, [wanted, id])
  return (
    <div className="space-y-4 border-t bg-sunken px-4 py-4 sm:px-5">
      {event && (
        <>
          <AuditAnswers event={event} filters={filters} />
          <AuditRaw event={event} />
        </>
      )}
      {!event && (
        <p aria-live="polite" className="text-muted text-sm noscript:hidden">
          {failed ? 'The details couldn’t be loaded. Close and open them again.' : 'Loading…'}
        </p>
      )}
      <LinkButton href={eventPath(id)} size="sm">
        Event page
      </LinkButton>
    </div>
  )
}

async function fetchEvent(id: string, signal: AbortSignal): Promise<AuditEventData> {
  const answer = await fetch(`/api/rows/audit/events/${encodeURIComponent(id)}`, { cache: 'no-store', signal })
  if (!answer.ok) throw new Error(`status ${answer.status}`)
  return answer.json()
}
