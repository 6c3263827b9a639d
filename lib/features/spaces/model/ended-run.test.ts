import { expect, test } from 'vitest'
import { type Problem, problemOf } from '#lib/kernel/model/spaces/pod-problem.ts'
import type { Pod } from '#lib/kernel/model/spaces/space-inside.ts'
import { endedRun, mostRelevantRun } from './ended-run.ts'

const crash: Problem = { ...problemOf('crashing'), container: 'main', restarts: 2, exitCode: 1, ended: 'previous run' }
const pod = (name: string, more: Partial<Pod> = {}): Pod => ({
  ...{ name, uid: name, owner: null, templateHash: null, ready: true, phase: 'Running', restarts: 0, node: 'n' },
  ...{ image: 'app', containers: ['main', 'proxy'], initContainers: [], createdAt: '2026-11-27T12:00:00Z' },
  ...{ uses: {}, problem: null },
  ...more,
})

test('of several crashing pods, the ended run of the worst is chosen', () => {
  const worse = { ...crash, restarts: 7, container: 'proxy' }
  expect(endedRun([pod('a'), pod('b', { problem: crash }), pod('c', { problem: worse })])).toEqual({
    ...{ pod: 'c', container: 'proxy', previous: true, problem: worse },
  })
  expect(endedRun([pod('a', { problem: { ...crash, ended: 'this run' } })])?.previous).toBe(false)
})

test('a pod that never ran, or that waits for something else, has no ended run', () => {
  expect(endedRun([pod('a'), pod('b', { problem: { ...crash, kind: 'image' } })])).toBeNull()
  expect(endedRun([pod('a', { problem: { ...crash, ended: null } })])).toBeNull()
})

test('without a crash, a pod with a problem comes first, then any started pod', () => {
  const probe = problemOf('probe')
  expect(mostRelevantRun([pod('a'), pod('b', { problem: probe })])).toEqual({
    ...{ pod: 'b', container: 'main', previous: false },
  })
  expect(mostRelevantRun([pod('a', { phase: 'Pending' }), pod('b')])?.pod).toBe('b')
  expect(mostRelevantRun([pod('a', { phase: 'Pending', problem: problemOf('image') })])).toBeNull()
  expect(mostRelevantRun([])).toBeNull()
})
