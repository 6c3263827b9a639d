import { quotaLabel, quotaText, shownQuota } from '#components/spaces/quota-words.ts'
import { Meter } from '#components/ui/meter.tsx'
import type { QuotaUsage } from '#lib/domain/space-inside.ts'

/** A space's quota usage as bars. */
export function QuotaBars({ usage }: { usage: readonly QuotaUsage[] }) {
  const shown = shownQuota(usage)
  if (shown.length === 0) return <p className="text-muted text-sm">The cluster hasn’t reported usage yet.</p>
  return (
    <ul className="grid gap-x-8 gap-y-4 sm:grid-cols-2">
      {shown.map((row) => (
        <li key={row.resource} className="text-sm">
          <div className="mb-1 flex justify-between gap-3">
            <span>{quotaLabel(row.resource)}</span>
            <span className="text-muted tabular-nums">{quotaText(row)}</span>
          </div>
          <Meter label={quotaLabel(row.resource)} ratio={row.ratio} text={quotaText(row)} />
        </li>
      ))}
    </ul>
  )
}
