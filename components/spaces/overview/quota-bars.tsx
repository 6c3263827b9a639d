import { type QuotaBar, quotaBars, quotaText } from '#components/spaces/quota-words.ts'
import { Meter } from '#components/ui/meter.tsx'
import type { QuotaUsage } from '#lib/domain/space-inside.ts'

/** A space's quota usage as bars: filled by requests, with a mark where limits are. */
export function QuotaBars({ usage }: { usage: readonly QuotaUsage[] }) {
  const bars = quotaBars(usage)
  if (bars.length === 0) return <p className="text-muted text-sm">The cluster hasn’t reported usage yet.</p>
  return (
    <ul className="grid gap-x-8 gap-y-4 sm:grid-cols-2 lg:grid-cols-1">
      {bars.map((bar) => (
        <li key={bar.label} className="text-sm">
          <Bar {...bar} />
        </li>
      ))}
    </ul>
  )
}

function Bar({ label, usage, limits }: QuotaBar) {
  const text = limits ? `${quotaText(usage)} requested` : quotaText(usage)
  const limitsText = limits && `Limits ${quotaText(limits)}`
  return (
    <>
      <div className="mb-1 flex justify-between gap-3">
        <span>{label}</span>
        <span className="text-muted tabular-nums">{text}</span>
      </div>
      <Meter
        label={label}
        ratio={usage.ratio}
        {...(limits && { mark: limits.ratio })}
        text={limitsText ? `${text}. ${limitsText}` : text}
      />
      {limitsText && <p className="mt-1 text-right text-muted text-xs tabular-nums">{limitsText}</p>}
    </>
  )
}
