import { Icon } from '#components/ui/icon.tsx'
import { AbsoluteTime } from '#components/ui/time/absolute-time.tsx'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import type { CheckData } from './chain-data.ts'

const number = new Intl.NumberFormat('en')

const results = {
  holds: 'Holds',
  broken: 'Broken',
  cancelled: 'Cancelled',
  'gave-up': 'Failed to run',
} as const

/** Finished verifications, newest first. */
export function ChainChecks({ checks }: { checks: readonly CheckData[] }) {
  if (checks.length === 0) return null
  return (
    <details className="group/checks">
      <summary className="inline-flex min-h-8 list-none items-center gap-1.5 rounded-md text-sm [&::-webkit-details-marker]:hidden">
        <Icon name="chevron-right" className="size-3.5 text-muted transition-transform group-open/checks:rotate-90" />
        {inNumber(checks.length, 'verification')}
      </summary>
      <ul className="mt-2 divide-y rounded-md border text-sm">
        {checks.map((check) => (
          <li key={check.id} className="flex flex-col gap-x-4 gap-y-1 px-3 py-2 sm:flex-row sm:justify-between">
            <span className="min-w-0">
              <span className="font-medium">{check.result && results[check.result]}</span>
              {', '}
              {rangeOf(check)}, {number.format(check.done)} events
              {check.findingCount > 0 && `, ${inNumber(check.findingCount, 'finding')}`}
            </span>
            <span className="shrink-0 text-muted">
              {check.askedBy?.name ?? 'Nightly'}, {check.endedAt && <AbsoluteTime at={check.endedAt} />}
            </span>
          </li>
        ))}
      </ul>
    </details>
  )
}

function rangeOf({ fromAt, toAt }: CheckData): string {
  if (fromAt === null && toAt === null) return 'everything'
  const from = fromAt === null ? 'the beginning' : fromAt.slice(0, 10)
  return `from ${from} to ${toAt === null ? 'the end' : toAt.slice(0, 10)}`
}
