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
  idle: ['warn', 'alert-triangle', 'Nobody delivers'],
}

/** Where the trail is delivered as it grows, how far it has come there, and what is wrong if it hasn’t. */
export function Deliveries({ deliveries, now }: Props) {
  return (
    <Section
      title="Delivery"
      description={
        deliveries.length === 0
          ? 'The trail isn’t delivered anywhere. An operator can send it to a SIEM, by webhook or syslog, as it grows.'
          : 'The trail goes here as it grows, in order, with its checkpoints.'
      }
      content="flush"
      level={3}
    >
      {deliveries.length > 0 && (
        <ul aria-label="Places that get the trail" className="divide-y">
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
      Last delivered <RelativeTime at={deliveredAt} />, {count.format(delivered)} events in all.
    </>
  ) : (
    'Nothing has been delivered yet.'
  )
  if (state === 'idle')
    return (
      <>
        No worker has looked after it since <RelativeTime at={seenAt} />: none runs, or it is no longer configured.{' '}
        {last} {waitingInWords(delivery)}
      </>
    )
  if (state === 'away' && failingSince)
    return (
      <>
        Takes nothing, first noticed <RelativeTime at={failingSince} />. {failureInWords(lastError ?? '')}.{' '}
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
  if (waiting === 0) return 'Nothing waits.'
  return `${isMore ? 'More than ' : ''}${count.format(waiting)} ${waiting === 1 ? 'event waits' : 'events wait'}.`
}
