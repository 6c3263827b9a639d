import { expect, test } from 'vitest'
import { type ProblemKind, problemKinds, problemOf } from './pod-problem.ts'
import { healthOf, healthStateOf, healthStates, shownHealthOf } from './space-health.ts'
import type { PlacedWorkload } from './space-inside.ts'

const workload = (name: string, kind: ProblemKind | null, restarts = 0): PlacedWorkload => ({
  ...{ kind: 'Deployment', name, owner: null, ready: 0, desired: 1, image: 'app', createdAt: '2026-11-27T12:00:00Z' },
  ...{ status: 'Starting', pods: [], warning: null },
  problem: kind === null ? null : { ...problemOf(kind), restarts },
})

test('a space without problems has no health to show', () => {
  expect(healthOf([])).toBeNull()
  expect(healthOf([workload('web', null)])).toBeNull()
})

test('the worst state counts its own workloads, and names the worst of them', () => {
  const all = [
    workload('late', 'not-ready'),
    workload('calm', 'crashing', 2),
    workload('busy', 'crashing', 9),
    workload('full', 'quota'),
  ]
  expect(healthOf(all)).toEqual({
    state: 'failing',
    workloads: 2,
    problem: { kind: 'crashing', workload: { kind: 'Deployment', name: 'busy' }, restarts: 9 },
  })
  expect(healthOf([workload('late', 'not-ready'), workload('full', 'quota')])).toMatchObject({
    state: 'quota',
    workloads: 1,
  })
})

test('each problem has a state', () => {
  for (const kind of problemKinds) expect(healthStates).toContain(healthStateOf({ kind }))
})

test('members see what the database has, unless it is out of date; an invalid value is no health', () => {
  const health = healthOf([workload('web', 'image')])
  const row = { standing: 'viewer', status: 'ready', health: JSON.parse(JSON.stringify(health)) } as const
  expect(shownHealthOf({ ...row, healthOutdated: false })).toEqual(health)
  expect(shownHealthOf({ ...row, healthOutdated: true })).toBe('outdated')
  expect(shownHealthOf({ ...row, status: 'deleting', health: null, healthOutdated: true })).toBeNull()
  for (const healthOutdated of [true, false])
    expect(shownHealthOf({ ...row, standing: null, healthOutdated }), 'for a platform admin').toBeNull()
  for (const invalid of [null, {}, { ...health, state: 'fine' }, 'failing'])
    expect(shownHealthOf({ ...row, health: invalid, healthOutdated: false })).toBeNull()
})
