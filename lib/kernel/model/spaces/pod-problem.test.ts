import { expect, test } from 'vitest'
import { type ContainerState, type PodState, podProblem, problemOf, worstOf } from './pod-problem.ts'

const now = new Date('2026-11-27T12:00:00Z')
const fine: ContainerState = {
  ...{ name: 'main', ready: false, restarts: 0, waiting: null, terminated: null, lastTerminated: null },
}
const waiting = (reason: string, message = '') => ({ ...fine, waiting: { reason, message } })
const ended = (exitCode: number, reason = 'Error', finishedAt = '2026-11-27T11:58:00Z') => ({
  ...{ exitCode, reason, message: '', finishedAt },
})
const pod = (container: ContainerState, more: Partial<PodState> = {}): PodState => ({
  ...{ phase: 'Pending', reason: '', message: '', deletedAt: null, unschedulable: null, unready: null },
  containers: [container],
  ...more,
})
const kindOf = (state: PodState) => podProblem(state, now)?.kind ?? null

test.each([
  ['ImagePullBackOff', 'image'],
  ['ErrImagePull', 'image'],
  ['InvalidImageName', 'image'],
  ['CreateContainerConfigError', 'configuration'],
  ['RunContainerError', 'configuration'],
  ['CrashLoopBackOff', 'crashing'],
  ['ContainerCreating', null],
  ['PodInitializing', null],
])('a container waiting for %s: %s', (reason, kind) => {
  expect(kindOf(pod(waiting(reason)))).toBe(kind)
})

test('a crash is reported with its restarts, exit code and container', () => {
  const container = { ...waiting('CrashLoopBackOff', 'back-off 5m0s'), restarts: 5, lastTerminated: ended(3) }
  expect(podProblem(pod(container, { phase: 'Running' }), now)).toEqual({
    ...{ kind: 'crashing', message: '', container: 'main', restarts: 5, exitCode: 3 },
    ended: 'previous run',
  })
})

test('“ended” names the run with the cause in its log: this one, until the container restarts', () => {
  const endedIs = (container: ContainerState) => podProblem(pod(container, { phase: 'Running' }), now)?.ended
  expect(endedIs({ ...fine, terminated: ended(1), lastTerminated: ended(1) })).toBe('this run')
  expect(endedIs({ ...fine, restarts: 1, lastTerminated: ended(1) })).toBe('previous run')
  expect(endedIs(waiting('ErrImagePull'))).toBeNull()
})

test('a container restarted just after a crash is still crashing, but not for long', () => {
  const restarted = { ...fine, restarts: 2, lastTerminated: ended(1) }
  expect(kindOf(pod(restarted, { phase: 'Running' }))).toBe('crashing')
  const longAgo = { ...restarted, lastTerminated: ended(1, 'Error', '2026-11-27T11:00:00Z') }
  expect(kindOf(pod(longAgo, { phase: 'Running' }))).toBeNull()
  expect(kindOf(pod({ ...restarted, ready: true }, { phase: 'Running' }))).toBeNull()
})

test('out of memory, permanent failures and evictions are reported as such', () => {
  const killed = { ...waiting('CrashLoopBackOff'), restarts: 1, lastTerminated: ended(137, 'OOMKilled') }
  expect(kindOf(pod(killed))).toBe('out-of-memory')
  expect(kindOf(pod({ ...fine, terminated: ended(1) }, { phase: 'Failed' }))).toBe('failed')
  expect(kindOf(pod(fine, { phase: 'Failed', reason: 'Evicted' }))).toBe('evicted')
  expect(kindOf(pod({ ...fine, terminated: ended(0, 'Completed') }, { phase: 'Succeeded' }))).toBeNull()
})

test('a pod without a node reports whether it waits for a volume', () => {
  expect(kindOf(pod(fine, { unschedulable: '0/1 nodes are available: 1 Insufficient cpu.' }))).toBe('unschedulable')
  const unbound = '0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.'
  expect(kindOf(pod(fine, { unschedulable: unbound }))).toBe('volume')
})

test('a deletion is stuck a minute after its grace period, and hides earlier problems', () => {
  const crashing = waiting('CrashLoopBackOff')
  expect(kindOf(pod(crashing, { deletedAt: '2026-11-27T11:58:00Z' }))).toBe('stuck-terminating')
  expect(kindOf(pod(crashing, { deletedAt: '2026-11-27T12:00:20Z' }))).toBeNull()
})

test('the most urgent problem is reported; among equals, the one with the most restarts', () => {
  const crashing = (restarts: number) => ({ ...problemOf('crashing'), restarts })
  expect(worstOf([problemOf('probe'), crashing(1), crashing(7), crashing(3)])).toEqual(crashing(7))
  expect(worstOf([crashing(7), problemOf('quota')])?.kind).toBe('quota')
  expect(worstOf([])).toBeNull()
})

test('long messages are cut', () => {
  expect(podProblem(pod(waiting('ErrImagePull', 'x'.repeat(5_000))), now)?.message).toHaveLength(1_000)
})

test('a pod that isn’t ready for more than two minutes is reported, with the cluster’s reason', () => {
  const since = (at: string) => ({ unready: { since: at, message: 'containers with unready status: [main]' } })
  const running = { ...fine, ready: false }
  expect(kindOf(pod(running, { phase: 'Running', ...since('2026-11-27T11:58:01Z') }))).toBeNull()
  expect(podProblem(pod(running, { phase: 'Running', ...since('2026-11-27T11:57:59Z') }), now)).toMatchObject({
    kind: 'not-ready',
    message: 'containers with unready status: [main]',
  })
  const unschedulable = 'no nodes available'
  expect(kindOf(pod(running, { unschedulable, ...since('2026-11-27T11:00:00Z') })), 'a better reason').toBe(
    'unschedulable',
  )
  expect(kindOf(pod(waiting('CrashLoopBackOff'), { phase: 'Running', ...since('2026-11-27T11:00:00Z') }))).toBe(
    'crashing',
  )
})
