import type { ReactNode } from 'react'
import { InUse } from '#components/spaces/in-use.tsx'
import { type QuotaBar, quotaBars, quotaParts, quotaText } from '#components/spaces/quota-words.ts'
import { CombMeter } from '#components/ui/comb-meter.tsx'
import { Strip } from '#components/ui/strip.tsx'
import { usageInk, usageInWords } from '#components/ui/usage-ink.ts'
import { cpuText, memoryText } from '#lib/features/spaces/model/use-in-words.ts'
import type { Use } from '#lib/kernel/model/spaces/pod-use.ts'
import type { PlacedWorkload, QuotaUsage, SpaceInside } from '#lib/kernel/model/spaces/space-inside.ts'

type Props = { usage: readonly QuotaUsage[]; workloads: readonly PlacedWorkload[]; inUse: SpaceInside['inUse'] }

/** The measured amount, in words. */
const measured: Readonly<Record<string, (use: Use) => string>> = {
  CPU: ({ cpu }) => cpuText(cpu),
  Memory: ({ memory }) => memoryText(memory),
}

/** How much of its quota a space uses: a cell for each resource, across the page. */
export function QuotaStrip({ usage, workloads, inUse }: Props) {
  const pods = workloads.flatMap((workload) => workload.pods)
  const bars = quotaBars(usage)
  return (
    <Strip label="Quota">
      {bars.length === 0 ? (
        <p className="strip-cell text-muted text-sm">The cluster hasn’t reported usage yet.</p>
      ) : (
        <ul className="strip-cells">
          {bars.map((bar) => (
            <li key={bar.label} className="strip-cell">
              <Cell {...bar}>
                <InUse pods={pods} measured={inUse}>
                  {(use) => {
                    const text = measured[bar.label]?.(use)
                    return text && <span>{text} in use</span>
                  }}
                </InUse>
              </Cell>
            </li>
          ))}
        </ul>
      )}
    </Strip>
  )
}

function Cell({ label, usage, limits, children }: QuotaBar & { children: ReactNode }) {
  const { used, of } = quotaParts(usage)
  const text = limits ? `${quotaText(usage)} requested` : quotaText(usage)
  return (
    <>
      <p className="flex justify-between gap-2 text-muted text-xs">
        <span>{limits ? `${label} requests` : label}</span>
        <Percent ratio={usage.ratio} />
      </p>
      <p className="mt-0.5 mb-2 text-muted text-sm tabular-nums">
        <span className="font-semibold text-ink text-lg">{used}</span> of {of}
      </p>
      <CombMeter
        label={label}
        ratio={usage.ratio}
        text={limits ? `${text}. ${usageInWords(limits.ratio, `Limits ${quotaText(limits)}`)}` : text}
      />
      {limits && (
        // With room for the measured amount, which comes late.
        <p className="mt-2 flex min-h-8 flex-col text-muted text-xs tabular-nums">
          <span className={limits.ratio >= 0.8 ? usageInk(limits.ratio) : undefined}>Limits {quotaText(limits)}</span>
          {children}
        </p>
      )}
    </>
  )
}

const Percent = ({ ratio }: { ratio: number }) =>
  ratio >= 0.8 && <span className={`font-medium tabular-nums ${usageInk(ratio)}`}>{Math.round(ratio * 100)}%</span>
