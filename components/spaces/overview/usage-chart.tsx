'use client'

import { useEffect, useRef, useState } from 'react'
import { timeToMinute } from '#components/ui/time/time-in-words.ts'
import type { UsageHistory, UsageRange } from '#lib/kernel/model/spaces/usage-sample.ts'
import { type UsageChart as Chart, chartText, lastReading, valueText } from './usage-lines.ts'

const spans: Readonly<Record<UsageRange, string>> = { day: '24 hours', week: '7 days' }

type Props = { chart: Chart; history: UsageHistory }

/** A chart, its legend with the values at the pointer or the last reading, and its numbers as a table. */
export function UsageChart({ chart, history: { range, at } }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const [pointed, setPointed] = useState<number | null>(null)
  const [open, setOpen] = useState(false)
  const shown = pointed ?? lastReading(chart)

  useEffect(() => {
    const ending = new AbortController()
    void import('./draw-usage.ts').then(({ drawUsage }) => {
      if (ending.signal.aborted || !box.current) return
      const remove = drawUsage(box.current, { range, at, lines: chart.lines }, setPointed)
      ending.signal.addEventListener('abort', remove, { once: true })
    })
    return () => ending.abort()
  }, [chart, range, at])

  const timeOf = (index: number) => timeToMinute(new Date((at[index] ?? 0) * 1_000), true)
  return (
    <div className="min-w-0">
      <div className="flex items-baseline justify-between gap-3">
        <h3>{chart.title}</h3>
        {pointed !== null && <p className="text-muted text-xs tabular-nums">{timeOf(pointed)}</p>}
      </div>
      <div
        ref={box}
        role="img"
        aria-label={chartText(chart, spans[range])}
        className="mt-2 h-32 w-full overflow-hidden font-sans"
      />
      <Legend lines={chart.lines} shown={shown} />
      <details className="mt-1 text-sm" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary className="cursor-pointer font-medium text-accent">{chart.title} in numbers</summary>
        {open && <Numbers chart={chart} timeOf={timeOf} />}
      </details>
    </div>
  )
}

const legendLooks = ['border-accent', 'border-warn border-dashed', 'border-ink border-dotted']

/** Solid, dashed and dotted like the lines, so colours aren't needed. */
const Legend = ({ lines, shown }: { lines: Chart['lines']; shown: number }) => (
  <ul className="flex flex-wrap gap-x-4 text-muted text-xs tabular-nums">
    {lines.map((line, index) => (
      <li key={line.name} className="flex items-center gap-1.5">
        <span className={`w-5 border-t-2 ${legendLooks[index]}`} />
        {line.name} <span className="text-ink">{valueText(line, shown)}</span>
      </li>
    ))}
  </ul>
)

function Numbers({ chart: { title, lines }, timeOf }: { chart: Chart; timeOf: (index: number) => string }) {
  const read = (lines[0]?.shares ?? []).flatMap((share, index) => (share === null ? [] : [index])).reverse()
  return (
    <section
      aria-label={`${title} in numbers`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: keyboard users scroll it
      tabIndex={0}
      className="mt-2 max-h-64 overflow-y-auto rounded-md border"
    >
      <table className="w-full border-collapse tabular-nums">
        <caption className="sr-only">{title}, the newest reading first, in your time zone</caption>
        <thead className="sticky top-0 bg-sunken text-left text-muted">
          <tr>
            {['Read', ...lines.map(({ name }) => name)].map((header) => (
              <th key={header} scope="col" className="px-2 py-1 font-medium">
                {header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y">
          {read.map((index) => (
            <tr key={index}>
              <th scope="row" className="px-2 py-1 text-left font-normal text-muted">
                {timeOf(index)}
              </th>
              {lines.map((line) => (
                <td key={line.resource} className="px-2 py-1">
                  {valueText(line, index)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
