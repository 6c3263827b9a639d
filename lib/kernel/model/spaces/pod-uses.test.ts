import { expect, test } from 'vitest'
import { type PodSpec, podUses } from './pod-uses.ts'

const container = (cpu: string, limit = cpu, restartPolicy = '') => ({
  requests: { cpu },
  limits: { cpu: limit },
  restartPolicy,
})
const pod = (more: Partial<PodSpec>): PodSpec => ({
  ...{ phase: 'Running', initContainers: [], containers: [], overhead: {} },
  ...more,
})

test('containers of a pod add up, requests and limits separately', () => {
  expect(podUses(pod({ containers: [container('250m', '1'), container('50m', '500m')] }))).toEqual({
    pods: 1,
    'count/pods': 1,
    'requests.cpu': 0.3,
    'limits.cpu': 1.5,
  })
})

test('an init container counts if it uses more than all others together, with sidecars beside it and after it', () => {
  const cpuOf = (more: Partial<PodSpec>) => podUses(pod(more))['requests.cpu']
  expect(cpuOf({ initContainers: [container('2')], containers: [container('1')] })).toBe(2)
  expect(cpuOf({ initContainers: [container('1')], containers: [container('2')] })).toBe(2)
  const sidecar = container('1', '1', 'Always')
  expect(cpuOf({ initContainers: [sidecar, container('2')], containers: [container('1')] })).toBe(3)
  expect(cpuOf({ initContainers: [sidecar], containers: [container('2')] })).toBe(3)
  expect(cpuOf({ containers: [container('1')], overhead: { cpu: '250m' } })).toBe(1.25)
})

test('a pod that has ended counts only as an object', () => {
  for (const phase of ['Succeeded', 'Failed'])
    expect(podUses(pod({ phase, containers: [container('1')] }))).toEqual({ 'count/pods': 1 })
})
