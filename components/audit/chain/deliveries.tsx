import type { ReactNode } from 'react'
import { Badge, type BadgeTone } from '#components/ui/badge.tsx'
import type { IconName } from '#components/ui/icon.tsx'
import { Section } from '#components/ui/section.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import { failureInWords } from '#lib/features/audit/model/sink-failure.ts'
import { type DeliveryState, type DeliveryView, deliveryState } from '#lib/features/audit/model/trail-delivery.ts'

type Props = { deliveries: readonly DeliveryView[]; now: Date }

const names: Readonly<Record<string, string>> = { webhook: 'Webhook', syslog: 'Syslog' }
const count = new Intl.NumberFormat('en')

const looks: Readonly<Record<DeliveryState, [BadgeTone, IconName, string]>> = {
  delivering: ['ok', 'check-circle', 'Up to date'],
  behind: ['accent', 'progress', 'Catching up'],
  away: ['bad', 'alert-circle', 'Away'],
  idle: ['warn', 'alert-triangle', 'No worker'],
}

/** Where the trail is streamed, how far each receiver is, and why it fails if it does. */
export function Deliveries({ deliveries, now }: Props) {
  return (
    <Section
      id="delivery"
      title="Delivery"
      description={
        deliveries.length === 0
          ? 'The trail isn’t streamed anywhere.'
          : 'The trail is sent here as it grows, in order, with its checkpoints.'
      }
      more={deliveries.length === 0 && 'An operator can send it to a SIEM by webhook or syslog.'}
      content={deliveries.length === 0 ? 'card' : 'flush'}
    >
      {deliveries.length > 0 && (
        <ul aria-label="Receivers of the trail" className="divide-y">
          {deliveries.map((delivery) => (
            <li key={delivery.sink} className="px-4 py-3 sm:px-5">
              <Delivery delivery={delivery} now={now} />
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

function Delivery({ delivery, now }: { delivery: DeliveryView; now: Date }) {
  const state = deliveryState(delivery, now)
  const [tone, icon, word] = looks[state]
  return (
    <>
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="font-medium">{names[delivery.sink] ?? delivery.sink}</span>
        <span className="wrap-anywhere text-muted text-sm">{delivery.host}</span>
        <Badge tone={tone} icon={icon}>
          {word}
        </Badge>
      </p>
      <p className="mt-1 text-sm">{sentenceOf(state, delivery)}</p>
    </>
  )
}

function sentenceOf(state: DeliveryState, delivery: DeliveryView): ReactNode {
  const { deliveredAt, delivered, seenAt, failingSince, lastError, nextAttemptAt } = delivery
  const last = deliveredAt ? (
    <>
      Last delivered <RelativeTime at={deliveredAt} />, {count.format(delivered)} events in total.
    </>
  ) : (
    'Nothing delivered yet.'
  )
  if (state === 'idle')
    return (
      <>
        A worker last served this receiver <RelativeTime at={seenAt} />. Check that a worker is running and configured
        for it. {last} {waitingInWords(delivery)}
      </>
    )
  if (state === 'away' && failingSince)
    return (
      <>
        First failed <RelativeTime at={failingSince} />. {failureInWords(lastError ?? '')}.{' '}
        {nextAttemptAt && (
          <>
            Next try <RelativeTime at={nextAttemptAt} />.{' '}
          </>
        )}
        {waitingInWords(delivery)} {last}
      </>
    )
  return (
    <>
      {last} {waitingInWords(delivery)}
    </>
  )
}

function waitingInWords({ waiting, isMore }: DeliveryView): string {
  if (waiting === 0) return 'Nothing is waiting.'
  return `${isMore ? 'More than ' : ''}${count.format(waiting)} ${waiting === 1 ? 'event is waiting' : 'events are waiting'}.`
}
