import { expect, test } from 'vitest'
import type { PlacedWorkload, Pod, WorkloadKind } from '#lib/kernel/model/spaces/space-inside.ts'
import { eventPages } from './event-page.ts'

const pod = (name: string, owner: Pod['owner'] = null): Pod => ({
  ...{ name, uid: name, owner, templateHash: null, ready: true, phase: 'Running', restarts: 0, node: 'n' },
  ...{ image: 'app', containers: ['main'], initContainers: [], createdAt: '2026-11-27T12:00:00Z', uses: {} },
  problem: null,
})
const workload = (kind: WorkloadKind, name: string, pods: Pod[] = []): PlacedWorkload => ({
  ...{ kind, name, owner: null, ready: 1, desired: 1, image: 'app', createdAt: '2026-11-27T12:00:00Z' },
  ...{ status: 'Ready', problem: null, warning: null, pods },
})
const pageOf = eventPages([
  workload('Deployment', 'web', [pod('web-5d9c7b4f6-x2k4z', { kind: 'ReplicaSet', name: 'web-5d9c7b4f6' })]),
  workload('StatefulSet', 'db'),
  workload('DaemonSet', 'agent'),
  workload('CronJob', 'nightly', [pod('nightly-29012345-bcdfg', { kind: 'Job', name: 'nightly-29012345' })]),
  workload('Pod', 'lone', [pod('lone')]),
])

test.each([
  ['Deployment/web', 'Deployment/web'],
  ['ReplicaSet/web-5d9c7b4f6', 'Deployment/web'],
  ['Pod/web-5d9c7b4f6-x2k4z', 'Pod/web-5d9c7b4f6-x2k4z'],
  ['Job/nightly-29012345', 'CronJob/nightly'],
  ['Pod/lone', 'Pod/lone'],
])('the existing %s is on the page of %s', (object, page) => {
  expect(pageOf(object)).toBe(page)
})

test.each([
  ['Pod/web-7f6d5c4b8-zzzzz', 'Deployment/web'],
  ['ReplicaSet/web-7f6d5c4b8', 'Deployment/web'],
  ['Pod/db-2', 'StatefulSet/db'],
  ['Pod/agent-x2k4z', 'DaemonSet/agent'],
  ['Job/nightly-29012340', 'CronJob/nightly'],
])('the deleted %s is on the page of its workload: %s', (object, page) => {
  expect(pageOf(object)).toBe(page)
})

test.each(['Pod/gone', 'Service/web', 'Pod/webs-7f6d5c4b8-zzzzz', 'ReplicaSet/db-7f6d5c4b8', 'Deployment/agent'])(
  '%s has no page',
  (object) => {
    expect(pageOf(object)).toBeNull()
  },
)
