import { expect, test } from 'vitest'
import {
  amountsOf,
  historyOf,
  instantsOf,
  outdatedSamples,
  sampledResources,
  sampledSlot,
  slotOf,
} from './usage-sample.ts'

const now = new Date('2026-11-27T10:37:12.345Z')
const iso = (at: Date | undefined) => at?.toISOString()

test('a sample belongs to the ten minutes in which it was read', () => {
  expect(iso(slotOf(now))).toBe('2026-11-27T10:30:00.000Z')
  expect(iso(slotOf(new Date('2026-11-27T10:30:00Z')))).toBe('2026-11-27T10:30:00.000Z')
})

test('a day is shown in steps of ten minutes, a week in hours, both up to now', () => {
  const day = instantsOf('day', now)
  expect([day.length, iso(day[0]), iso(day.at(-1))]).toEqual([
    ...[145, '2026-11-26T10:30:00.000Z', '2026-11-27T10:30:00.000Z'],
  ])
  const week = instantsOf('week', now)
  expect([week.length, iso(week[0]), iso(week.at(-1))]).toEqual([
    ...[169, '2026-11-20T10:00:00.000Z', '2026-11-27T10:00:00.000Z'],
  ])
})

test('a slot counts as sampled once all clusters have had two minutes', () => {
  expect(iso(sampledSlot(new Date('2026-11-27T10:31:59Z')))).toBe('2026-11-27T10:20:00.000Z')
  expect(iso(sampledSlot(new Date('2026-11-27T10:32:00Z')))).toBe('2026-11-27T10:30:00.000Z')
})

test('samples are outdated exactly when they are no longer shown', () => {
  const { before, between } = outdatedSamples(now)
  const outdated = (at: Date) => at < before || between.some((one) => one.getTime() === at.getTime())
  for (const range of ['day', 'week'] as const) expect(instantsOf(range, now).filter(outdated)).toEqual([])
  expect(outdated(new Date('2026-11-20T08:00:00Z'))).toBe(true)
  expect(outdated(new Date('2026-11-26T09:30:00Z'))).toBe(true)
  expect(outdated(new Date('2026-11-26T09:00:00Z'))).toBe(false)
  expect(between.length).toBeLessThanOrEqual(6 * 24 * 5 + 10)
})

test('samples become columns; unread values are null, and a resource without a quota is left out', () => {
  const usage = [
    { resource: 'requests.cpu', used: '1500m', hard: '2', ratio: 0.75 },
    { resource: 'requests.memory', used: '512Mi', hard: '4Gi', ratio: 0.125 },
    { resource: 'count/jobs.batch', used: '900', hard: '1k', ratio: 0.9 },
  ]
  const at = new Date('2026-11-27T10:20:00Z')
  const history = historyOf('day', now, [{ at, ...amountsOf(usage, null) }])
  expect(history.resources.map(({ resource }) => resource)).toEqual(['requests.cpu', 'requests.memory'])
  expect(history.resources[0]?.used.slice(-3)).toEqual([null, 1.5, null])
  expect(history.resources[1]?.hard.slice(-3)).toEqual([null, 4 * 2 ** 30, null])
  expect(history.at.length).toBe(145)
})

test('actual usage is compared with the requests quota, and left out where nothing measures it', () => {
  const usage = [
    { resource: 'requests.cpu', used: '1500m', hard: '2', ratio: 0.75 },
    { resource: 'requests.memory', used: '512Mi', hard: '4Gi', ratio: 0.125 },
  ]
  const [before, at] = [new Date('2026-11-27T10:10:00Z'), new Date('2026-11-27T10:20:00Z')]
  const history = historyOf('day', now, [
    { at: before, ...amountsOf(usage, null) },
    { at, ...amountsOf(usage, { cpu: 1e-7, memory: 2 ** 28 }) },
  ])
  const found = (resource: string) => history.resources.find((one) => one.resource === resource)
  expect(found('use.cpu')?.used.slice(-3)).toEqual([null, 1e-7, null])
  expect(found('use.cpu')?.hard.slice(-3)).toEqual([null, 2, null])
  expect(found('use.memory')?.used.slice(-3)).toEqual([null, 2 ** 28, null])
  expect(amountsOf([], { cpu: 1, memory: 1 }).used, 'nothing to compare it with').not.toContain(1)
})

test('a sample from before actual usage was stored is read as one without it', () => {
  const at = new Date('2026-11-27T10:20:00Z')
  const history = historyOf('day', now, [{ at, used: [1, 2, 3, 4, 5, 6], hard: [1, 2, 3, 4, 5, 6] }])
  expect(history.resources.map(({ resource }) => resource)).toEqual(sampledResources.slice(0, 6))
})
