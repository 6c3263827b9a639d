'use client'

import Link from 'next/link'
import { useState } from 'react'
import { SegmentButtons } from '#components/ui/form/segment-buttons.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { Section } from '#components/ui/section.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import type { LinkedEvent } from './event-links.ts'

const maxFirst = 5

/** Events of a space, grouped, all or only warnings; the rest unfolds. */
export function EventList({ title, events }: { title: string; events: readonly LinkedEvent[] }) {
  const [onlyWarnings, setOnlyWarnings] = useState(false)
  const warnings = events.filter(({ type }) => type === 'Warning')
  const mixed = warnings.length > 0 && warnings.length < events.length
  const shown = onlyWarnings ? warnings : events
  return (
    <Section
      title={title}
      actions={
        (mixed || onlyWarnings) && (
          <SegmentButtons
            label="Which events"
            options={[
              { value: 'all', label: 'All' },
              { value: 'warnings', label: 'Warnings' },
            ]}
            value={onlyWarnings ? 'warnings' : 'all'}
            onChoose={(which) => setOnlyWarnings(which === 'warnings')}
          />
        )
      }
    >
      {shown.length > 0 ? (
        <Unfolding events={shown} />
      ) : (
        <p className="text-muted text-sm">
          {onlyWarnings ? 'No more warnings.' : 'No recent events. Kubernetes keeps them for about an hour.'}
        </p>
      )}
    </Section>
  )
}

function Unfolding({ events }: { events: readonly LinkedEvent[] }) {
  const more = events.slice(maxFirst)
  return (
    <>
      <Rows events={events.slice(0, maxFirst)} />
      {more.length > 0 && (
        <details className="mt-2 border-t pt-3 text-sm">
          <summary className="cursor-pointer font-medium text-accent">Show {more.length} more</summary>
          <div className="mt-3">
            <Rows events={more} />
          </div>
        </details>
      )}
    </>
  )
}

const Rows = ({ events }: { events: readonly LinkedEvent[] }) => (
  <ul className="divide-y text-sm">
    {events.map((event) => (
      <Row key={`${event.type} ${event.object} ${event.reason} ${event.message}`} {...event} />
    ))}
  </ul>
)

function Row({ type, reason, message, object, objects, count, lastSeen, href }: LinkedEvent) {
  const warns = type === 'Warning'
  return (
    <li className="flex gap-2.5 py-2.5 first:pt-0 last:pb-0">
      <Icon name={warns ? 'alert-triangle' : 'info'} className={warns ? 'mt-0.5 text-warn' : 'mt-0.5 text-muted'} />
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap justify-between gap-x-4">
          <span>
            {warns && <span className="sr-only">Warning: </span>}
            <span className="font-medium">{reason}</span>{' '}
            {href ? (
              <Link href={href} prefetch={false} className="wrap-anywhere text-link font-mono text-xs">
                {object}
              </Link>
            ) : (
              <span className="wrap-anywhere font-mono text-muted text-xs">{object}</span>
            )}
            {objects > 1 && <span className="text-muted"> and {objects - 1} more</span>}
            {count > 1 && <span className="text-muted"> ×{count}</span>}
          </span>
          <span className="text-muted">
            <RelativeTime at={lastSeen} />
          </span>
        </div>
        <p className="mt-0.5 text-muted wrap-anywhere">{message}</p>
      </div>
    </li>
  )
}
