import type { FormAction } from '#components/ui/form/action-form.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import { eventPath, eventReason, eventSentence, isAlarm } from '#lib/features/inbox/model/event-sentences.ts'
import type { InboxRow } from '#lib/features/inbox/model/inbox-view.ts'
import { EventLink } from './event-link.tsx'
import { MarkRead } from './mark-read.tsx'

type Props = { rows: readonly InboxRow[]; defaultCluster: string; markRead: FormAction }

export const EventList = ({ rows, defaultCluster, markRead }: Props) => (
  <ol aria-label="What happened" className="divide-y rounded-lg border bg-surface text-sm">
    {rows.map((row) => (
      <EventItem key={row.id} row={row} defaultCluster={defaultCluster} markRead={markRead} />
    ))}
  </ol>
)

type ItemProps = { row: InboxRow; defaultCluster: string; markRead: FormAction }

function EventItem({ row: { id, at, unread, event }, defaultCluster, markRead }: ItemProps) {
  const reason = eventReason(event)
  return (
    <li className="relative flex flex-wrap items-start gap-x-4 gap-y-1 px-4 py-3 hover:bg-sunken">
      <div className="flex min-w-0 flex-[1_1_18rem] gap-2 sm:py-1.5">
        <span className="grid h-5 w-4.5 shrink-0 place-items-center">
          {isAlarm(event) ? (
            <Icon name="alert-circle" className="text-bad" />
          ) : (
            unread && <span className="size-2 rounded-full bg-accent-fill" />
          )}
          {unread && <span className="sr-only">Unread: </span>}
        </span>
        <div className={unread ? 'min-w-0 font-medium' : 'min-w-0'}>
          <EventLink href={eventPath(event, defaultCluster)} id={id} unread={unread} markRead={markRead}>
            {eventSentence(event)}
          </EventLink>
          {reason && <p className="wrap-anywhere font-normal text-muted">Reason: {reason}</p>}
        </div>
      </div>
      <div className="ml-6.5 grid min-h-8 shrink-0 grid-cols-[auto_auto] items-center gap-3 sm:ml-0 sm:grid-cols-[7rem_7.5rem]">
        <span className="text-muted sm:text-right">
          <RelativeTime at={at} />
        </span>
        {unread && (
          <span className="relative z-1">
            <MarkRead what={{ id }} action={markRead} variant="quiet">
              Mark as read
            </MarkRead>
          </span>
        )}
      </div>
    </li>
  )
}
