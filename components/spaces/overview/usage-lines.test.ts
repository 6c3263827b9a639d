import { expect, test } from 'vitest'
import type { UsageHistory } from '#lib/kernel/model/spaces/usage-sample.ts'
import { chartsOf, chartText, lastReading, type UsageChart, valueText } from './usage-lines.ts'

const history: UsageHistory = {
  range: 'day',
  at: [0, 600, 1_200, 1_800],
  resources: [
    { resource: 'requests.cpu', used: [null, 1, 1.5, null], hard: [null, 2, 4, null] },
    { resource: 'limits.cpu', used: [null, 2, 3, null], hard: [null, 8, 8, null] },
    { resource: 'pods', used: [null, 5, 7, null], hard: [null, 20, 50, null] },
  ],
}

const valuesOf = ({ lines }: UsageChart, index: number) => lines.map((line) => valueText(line, index))

test('requests and limits of one resource share a chart, as shares of the quota at that time', () => {
  const [cpu, pods, ...others] = chartsOf(history)
  expect(cpu?.lines.map(({ name, shares }) => [name, shares])).toEqual([
    ['Requests', [null, 0.5, 0.375, null]],
    ['Limits', [null, 0.25, 0.375, null]],
  ])
  expect(pods?.lines).toHaveLength(1)
  expect(others).toEqual([])
})

test('values are shown in words, at any time and for the last reading', () => {
  const [cpu, pods] = chartsOf(history)
  if (!cpu || !pods) throw new Error('no charts')
  expect(lastReading(cpu)).toBe(2)
  expect(valuesOf(cpu, 1)).toEqual(['1 of 2 CPUs', '2 of 8 CPUs'])
  expect(valuesOf(pods, 2)).toEqual(['7 of 50'])
  expect(valuesOf(pods, 0)).toEqual(['no reading'])
  expect(chartText(pods, '24 hours')).toBe(
    'Pods over the last 24 hours. Pods: 7 of 50 at the last reading, between 14% and 25% of the quota.',
  )
})

test('the real usage is the last line of its chart, as a share of the requests', () => {
  const inUse = { resource: 'use.cpu' as const, used: [null, null, 0.25, null], hard: [null, null, 4, null] }
  const [cpu] = chartsOf({ ...history, resources: [...history.resources, inUse] })
  if (!cpu) throw new Error('no chart')
  expect(cpu.lines.map(({ name }) => name)).toEqual(['Requests', 'Limits', 'In use'])
  expect(valuesOf(cpu, 2)).toEqual(['1.5 of 4 CPUs', '3 of 8 CPUs', '0.25 of 4 CPUs'])
  expect(valuesOf(cpu, 1)).toEqual(['1 of 2 CPUs', '2 of 8 CPUs', 'no reading'])
})
