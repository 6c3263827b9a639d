import { Icon } from '#components/ui/icon.tsx'
import { RelativeTime } from '#components/ui/relative-time.tsx'
import type { SpaceEvent } from '#lib/domain/space-inside.ts'

/** Recent events in a space. */
export function EventList({ events }: { events: readonly SpaceEvent[] }) {
  return (
    <ul className="divide-y text-sm">
      {events.map(({ type, reason, message, object, count, lastSeen }) => (
        <li key={`${object} ${reason} ${message}`} className="flex gap-2.5 py-2.5 first:pt-0 last:pb-0">
          <Icon
            name={type === 'Warning' ? 'alert-triangle' : 'info'}
            className={type === 'Warning' ? 'mt-0.5 text-warn' : 'mt-0.5 text-muted'}
          />
          <div className="min-w-0 flex-1">
            <div className="flex flex-wrap justify-between gap-x-4">
              <span>
                {type === 'Warning' && <span className="sr-only">Warning: </span>}
                <span className="font-medium">{reason}</span>{' '}
                <span className="wrap-anywhere font-mono text-muted text-xs">{object}</span>
                {count > 1 && <span className="text-muted"> ×{count}</span>}
              </span>
              <span className="text-muted">
                <RelativeTime at={lastSeen} />
              </span>
            </div>
            <p className="mt-0.5 text-muted wrap-anywhere">{message}</p>
          </div>
        </li>
      ))}
    </ul>
  )
}
