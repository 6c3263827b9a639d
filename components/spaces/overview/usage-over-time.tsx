'use client'

import { useMemo, useRef, useState } from 'react'
import { type SpaceAddress, usagePath } from '#components/spaces/space-path.ts'
import { Alert } from '#components/ui/alert.tsx'
import { Button } from '#components/ui/button.tsx'
import { Toggle } from '#components/ui/form/toggle.tsx'
import { Section } from '#components/ui/section.tsx'
import { Skeleton } from '#components/ui/skeleton.tsx'
import type { UsageHistory, UsageRange } from '#lib/kernel/model/spaces/usage-sample.ts'
import { UsageChart } from './usage-chart.tsx'
import { chartsOf } from './usage-lines.ts'
import { useShown, useUsage } from './use-usage.ts'

const ranges: readonly { range: UsageRange; label: string }[] = [
  { range: 'day', label: '24 hours' },
  { range: 'week', label: '7 days' },
]

/**
 * A space's use of its quota over the last day or week. The data and the chart code are fetched once it is on screen.
 */
export function UsageOverTime({ address }: { address: SpaceAddress }) {
  const [range, setRange] = useState<UsageRange>('day')
  const box = useRef<HTMLDivElement>(null)
  const shown = useShown(box)
  const { history, failure, retry } = useUsage(shown ? usagePath(address, range) : null)
  return (
    <Section
      title="Usage over time"
      description="Requests and limits, and real usage where the cluster measures it."
      actions={
        <fieldset className="flex gap-1">
          <legend className="sr-only">Range</legend>
          {ranges.map((each) => (
            <Toggle key={each.range} size="sm" on={each.range === range} onToggle={() => setRange(each.range)}>
              {each.label}
            </Toggle>
          ))}
        </fieldset>
      }
    >
      <div ref={box} aria-busy={!history && !failure}>
        {failure ? (
          <Alert
            kind="bad"
            live
            title="Usage over time couldn’t be loaded"
            action={
              <Button size="sm" icon="refresh" onClick={retry}>
                Retry
              </Button>
            }
          >
            <p>{failure}</p>
          </Alert>
        ) : history ? (
          <Charts history={history} />
        ) : (
          <Skeleton className="h-48" />
        )}
      </div>
    </Section>
  )
}

function Charts({ history }: { history: UsageHistory }) {
  const charts = useMemo(() => chartsOf(history), [history])
  if (charts.length === 0)
    return <p className="text-muted text-sm">No readings yet. Reload the page in a few minutes.</p>
  return (
    <div className="grid gap-x-8 gap-y-6 sm:grid-cols-2">
      {charts.map((chart) => (
        <UsageChart key={chart.title} chart={chart} history={history} />
      ))}
    </div>
  )
}
