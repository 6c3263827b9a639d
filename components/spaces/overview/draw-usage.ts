import 'uplot/dist/uPlot.min.css'
import uPlot from 'uplot'
import type { UsageRange } from '#lib/kernel/model/spaces/usage-sample.ts'
import { percent, type UsageLine } from './usage-lines.ts'

const heightPx = 128
const hour = 3_600

/** Distances between the marks below a chart in seconds, the smallest first. */
const marks: Readonly<Record<UsageRange, number[]>> = {
  day: [3 * hour, 6 * hour, 12 * hour],
  week: [24 * hour, 48 * hour, 96 * hour],
}
const markText: Readonly<Record<UsageRange, Intl.DateTimeFormat>> = {
  day: new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' }),
  week: new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric' }),
}
/** Of the first, second and third line. */
const looks = [
  { className: 'text-accent' },
  { className: 'text-warn', dash: [4, 3] },
  { className: 'text-ink', dash: [1, 2] },
]
/** Media queries that can change colours. */
const preferences = ['(prefers-color-scheme: dark)', '(forced-colors: active)']

type Drawn = { range: UsageRange; at: readonly number[]; lines: readonly Pick<UsageLine, 'shares'>[] }

/**
 * Draws lines over time into a box, at its full width: the first line solid, the second dashed, the third dotted.
 * @param onPoint gets the index under the pointer, or null when there is none
 * @returns the function that removes the chart
 */
export function drawUsage(box: HTMLElement, { range, at, lines }: Drawn, onPoint: (index: number | null) => void) {
  // Reads colours from an element each time, because a canvas knows neither tokens nor forced colours.
  const colour = (className: string) => () => {
    const probe = document.createElement('span')
    probe.className = className
    box.append(probe)
    const { color } = getComputedStyle(probe)
    probe.remove()
    return color
  }
  const [ink, line] = [colour('text-muted'), colour('text-line')]
  const font = `12px ${getComputedStyle(box).fontFamily}`
  const chart = new uPlot(
    {
      width: box.clientWidth,
      height: heightPx,
      // Half of a mark's text extends to the right.
      padding: [8, range === 'day' ? 18 : 22, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false } },
      scales: { y: { range: (_, _min, max) => [0, Math.max(1, max ?? 1)] } },
      axes: [
        {
          ...{ stroke: ink, font, size: 26, gap: 8, space: 56, incrs: marks[range] },
          ...{ grid: { show: false }, ticks: { show: false } },
          values: (_, splits) => splits.map((second) => markText[range].format(second * 1_000)),
        },
        {
          ...{ stroke: ink, font, size: 44, splits: () => [0, 0.5, 1] },
          ...{ grid: { stroke: line, width: 1 }, ticks: { show: false } },
          values: (_, splits) => splits.map(percent),
        },
      ],
      series: [
        {},
        ...looks.slice(0, lines.length).map(({ className, ...rest }) => ({
          ...{ ...rest, stroke: colour(className), width: 2 },
          ...(uPlot.paths.stepped && { paths: uPlot.paths.stepped({ align: 1 }) }),
          points: { show: true, size: 4, filter: (self: uPlot, series: number) => alone(self.data[series] ?? []) },
        })),
      ],
      hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? null)] },
    },
    [[...at], ...lines.map(({ shares }) => [...shares])],
    box,
  )
  const ending = new AbortController()
  const redraw = () => chart.redraw(false)
  for (const preference of preferences)
    matchMedia(preference).addEventListener('change', redraw, { signal: ending.signal })
  const theme = new MutationObserver(redraw)
  theme.observe(document.documentElement, { attributeFilter: ['data-theme'] })
  const width = new ResizeObserver(() => chart.setSize({ width: box.clientWidth, height: heightPx }))
  width.observe(box)
  return () => {
    ending.abort()
    theme.disconnect()
    width.disconnect()
    chart.destroy()
  }
}

type Values = ArrayLike<number | null | undefined>

/** @returns where a value has no neighbours, so no line can be drawn */
const alone = (values: Values): number[] =>
  Array.from(values, (_, index) => index).filter(
    (index) => values[index] != null && values[index - 1] == null && values[index + 1] == null,
  )
