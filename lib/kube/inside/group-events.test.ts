import { expect, test } from 'vitest'
import type { SpaceEvent } from '#lib/kernel/model/spaces/space-inside.ts'
import { groupEvents } from './group-events.ts'

let second = 59
/** Each call returns an older event than the last. */
const event = (type: SpaceEvent['type'], object: string, message: string, count = 1): SpaceEvent => ({
  ...{ type, reason: 'Happened', object, message, count },
  lastSeen: `2026-11-27T12:00:${second--}Z`,
})

test('events of one workload’s pods are one line, with their total count', () => {
  const groups = groupEvents([
    event('Warning', 'Pod/web-7d4b9c6f5d-x7k2p', '0/3 nodes are available: 3 Insufficient cpu.', 4),
    event('Normal', 'ReplicaSet/web-7d4b9c6f5d', 'Created pod: web-7d4b9c6f5d-x7k2p'),
    event('Warning', 'Pod/web-7d4b9c6f5d-9qz4l', '0/3 nodes are available: 2 Insufficient cpu.', 3),
    event('Normal', 'ReplicaSet/web-7d4b9c6f5d', 'Created pod: web-7d4b9c6f5d-9qz4l'),
    event('Normal', 'ReplicaSet/web-7d4b9c6f5d', 'Created pod: web-7d4b9c6f5d-kk5mv'),
  ])
  expect(groups.map(({ object, count, objects }) => ({ object, count, objects }))).toEqual([
    { object: 'Pod/web-7d4b9c6f5d-x7k2p', count: 7, objects: 2 },
    { object: 'ReplicaSet/web-7d4b9c6f5d', count: 3, objects: 1 },
  ])
})

test('warnings come first; other workloads, kinds or reasons stay separate', () => {
  const groups = groupEvents([
    event('Normal', 'Pod/api-0', 'Started container main'),
    event('Normal', 'Pod/web-0', 'Started container main'),
    event('Warning', 'Pod/web-0', 'Back-off restarting failed container main in pod web-0'),
    event('Warning', 'StatefulSet/web', 'Back-off restarting failed container main in pod web-0'),
  ])
  expect(groups.map(({ type, object }) => `${type} ${object}`)).toEqual([
    'Warning Pod/web-0',
    'Warning StatefulSet/web',
    'Normal Pod/api-0',
    'Normal Pod/web-0',
  ])
})

test('words are no generated names: two messages that differ in one stay separate', () => {
  const groups = groupEvents([
    event('Warning', 'Pod/web-0', 'configmap "web-blue" not found'),
    event('Warning', 'Pod/web-0', 'configmap "web-settings" not found'),
  ])
  expect(groups).toHaveLength(2)
})
