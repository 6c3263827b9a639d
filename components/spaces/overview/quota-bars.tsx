import type { ReactNode } from 'react'
import { InUse } from '#components/spaces/in-use.tsx'
import { type QuotaBar, quotaBars, quotaText } from '#components/spaces/quota-words.ts'
import { Meter } from '#components/ui/meter.tsx'
import { cpuText, memoryText } from '#lib/features/spaces/model/use-in-words.ts'
import type { Use } from '#lib/kernel/model/spaces/pod-use.ts'
import type { PlacedWorkload, QuotaUsage, SpaceInside } from '#lib/kernel/model/spaces/space-inside.ts'

type Props = { usage: readonly QuotaUsage[]; workloads: readonly PlacedWorkload[]; inUse: SpaceInside['inUse'] }

/** The measured amount, in words. */
const measured: Readonly<Record<string, (use: Use) => string>> = {
  CPU: ({ cpu }) => cpuText(cpu),
  Memory: ({ memory }) => memoryText(memory),
}

/** A space's quota usage as bars: requests fill them, limits are marked, and the real usage is shown. */
export function QuotaBars({ usage, workloads, inUse }: Props) {
  const pods = workloads.flatMap((workload) => workload.pods)
  const bars = quotaBars(usage)
  if (bars.length === 0) return <p className="text-muted text-sm">The cluster hasn’t reported usage yet.</p>
  return (
    <ul className="grid gap-x-8 gap-y-4 sm:grid-cols-2 @4xl:grid-cols-1">
      {bars.map((bar) => (
        <li key={bar.label} className="text-sm">
          <Bar {...bar}>
            <InUse pods={pods} measured={inUse}>
              {(use) => {
                const text = measured[bar.label]?.(use)
                return text && <span>{text} in use</span>
              }}
            </InUse>
          </Bar>
        </li>
      ))}
    </ul>
  )
}

function Bar({ label, usage, limits, children }: QuotaBar & { children: ReactNode }) {
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
      {limitsText && (
        <p className="mt-1 flex flex-wrap justify-between gap-x-3 text-muted text-xs tabular-nums">
          {children}
          <span className="ml-auto">{limitsText}</span>
        </p>
      )}
    </>
  )
}
