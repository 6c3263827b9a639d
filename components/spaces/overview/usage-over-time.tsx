'use client'

import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { type SpaceAddress, usagePath } from '#components/spaces/space-path.ts'
import { Alert } from '#components/ui/alert.tsx'
import { Button } from '#components/ui/button.tsx'
import { SegmentButtons } from '#components/ui/form/segment-buttons.tsx'
import { Section } from '#components/ui/section.tsx'
import type { UsageHistory, UsageRange } from '#lib/kernel/model/spaces/usage-sample.ts'
import { UsageChart } from './usage-chart.tsx'
import { chartsOf, chartTitles } from './usage-lines.ts'
import { useShown, useUsage } from './use-usage.ts'

const ranges: readonly { value: UsageRange; label: string }[] = [
  { value: 'day', label: '24 hours' },
  { value: 'week', label: '7 days' },
]

/** The worker reads usage once a minute. */
const readAgainMs = 60_000

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
      description="Shares of the quota: requests, limits and, where measured, real use."
      actions={<SegmentButtons label="Range" options={ranges} value={range} onChoose={setRange} />}
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
          <Charts history={history} readAgain={retry} />
        ) : (
          <Frames />
        )}
      </div>
    </Section>
  )
}

function Charts({ history, readAgain }: { history: UsageHistory; readAgain: () => void }) {
  const charts = useMemo(() => chartsOf(history), [history])
  const empty = charts.length === 0

  // biome-ignore lint/correctness/useExhaustiveDependencies: each answer without readings starts another wait
  useEffect(() => {
    if (!empty) return
    const waiting = setTimeout(readAgain, readAgainMs)
    return () => clearTimeout(waiting)
  }, [empty, history])

  if (empty) return <Frames>First readings in a few minutes.</Frames>
  return (
    <Grid>
      {charts.map((chart) => (
        <UsageChart key={chart.title} chart={chart} history={history} />
      ))}
    </Grid>
  )
}

const Grid = ({ children }: { children: ReactNode }) => (
  <div className="grid gap-x-8 gap-y-6 sm:grid-cols-2">{children}</div>
)

/** The charts without lines, and why there are none. */
const Frames = ({ children }: { children?: ReactNode }) => (
  <>
    {children && <p className="mb-4 text-muted text-sm">{children}</p>}
    <Grid>
      {chartTitles.map((title) => (
        <div key={title}>
          <h3>{title}</h3>
          <div className="mt-2 h-32 border-y border-dashed" />
        </div>
      ))}
    </Grid>
  </>
)
