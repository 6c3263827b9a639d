import Link from 'next/link'
import type { ReactNode } from 'react'
import { Badge } from '#components/ui/badge.tsx'
import { type DeliveryView, deliveryState } from '#lib/features/audit/model/trail-delivery.ts'
import { isSealingLate, type Verdict, verdictOf } from '#lib/kernel/model/audit/trail-check.ts'
import type { ChainData } from './chain-data.ts'

type Props = { chain: ChainData; deliveries: readonly DeliveryView[]; now: Date }

/** Whether the trail can be relied on, in badges that lead to the details. */
export function TrailState({ chain, deliveries, now }: Props) {
  const failing = deliveries.filter((delivery) => ['away', 'idle'].includes(deliveryState(delivery, now))).length
  return (
    <>
      <Link href="/audit/exports#chain" prefetch={false} className="inline-flex gap-2">
        <ChainBadges chain={chain} now={now} />
      </Link>
      {failing > 0 && (
        <Link href="/audit/exports#delivery" prefetch={false} className="inline-flex">
          <Badge tone="bad" icon="alert-circle">
            {failing === 1 ? 'Delivery failing' : `${failing} deliveries fail`}
          </Badge>
        </Link>
      )}
    </>
  )
}

/** The verdict on the chain, and what keeps it from being newer. `between` is shown after the verdict. */
export function ChainBadges({ chain, now, between }: { chain: ChainData; now: Date; between?: ReactNode }) {
  const [newest] = chain.checks
  const isRunning = chain.checks.some(({ endedAt }) => endedAt === null)
  return (
    <>
      <VerdictBadge verdict={verdictOf(chain.checks)} />
      {between}
      {isRunning && (
        <Badge tone="accent" icon="progress" spinning>
          Verifying
        </Badge>
      )}
      {!isRunning && newest?.result === 'gave-up' && (
        <Badge tone="warn" icon="alert-triangle">
          The last verification failed to run
        </Badge>
      )}
      {isSealingLate(chain, now) && (
        <Badge tone="warn" icon="alert-triangle">
          Sealing is behind
        </Badge>
      )}
    </>
  )
}

function VerdictBadge({ verdict: { is } }: { verdict: Pick<Verdict, 'is'> }) {
  if (is === 'holds')
    return (
      <Badge tone="ok" icon="check-circle">
        Intact
      </Badge>
    )
  if (is === 'broken')
    return (
      <Badge tone="bad" icon="alert-circle">
        Broken
      </Badge>
    )
  return <Badge icon="info">Not verified yet</Badge>
}
