import { expect, test } from 'vitest'
import { totalUsage } from './total-usage.ts'

const row = (resource: string, used: string, hard: string) => ({ resource, used, hard, ratio: 0 })

test('usage of several spaces adds up across different units', () => {
  expect(
    totalUsage([
      [row('requests.cpu', '100m', '2'), row('requests.memory', '512Mi', '4Gi')],
      [row('requests.cpu', '200m', '4'), row('pods', '3', '50')],
      [],
    ]),
  ).toEqual([
    { resource: 'requests.cpu', used: '0.3', hard: '6', ratio: expect.closeTo(0.05) },
    { resource: 'requests.memory', used: String(2 ** 29), hard: String(2 ** 32), ratio: 0.125 },
    { resource: 'pods', used: '3', hard: '50', ratio: 0.06 },
  ])
})

test('other resources are left out of the total, and no reported usage gives no rows', () => {
  expect(totalUsage([[row('secrets', '1', '100')]])).toEqual([])
  expect(totalUsage([])).toEqual([])
})
