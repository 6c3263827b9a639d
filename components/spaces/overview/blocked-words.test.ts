import { expect, test } from 'vitest'
import { blockedText, shortageText } from './blocked-words.ts'

const ran = (...names: string[]) => names.map((resource) => ({ resource, needed: 1, hard: '1', users: [] }))
const waits = (name: string, pods: number | null) => ({ kind: 'Deployment' as const, name, pods })

test.each([
  [ran('limits.cpu'), [waits('nginx', 25)], 'Quota for CPU limits used up: 25 pods of nginx can’t start'],
  [ran('pods'), [waits('nginx', 1)], 'Quota for pods used up: 1 pod of nginx can’t start'],
  [
    ran('limits.cpu', 'limits.memory'),
    [waits('nginx', 2), waits('nightly', null)],
    'Quota for CPU limits and memory limits used up: 2 pods of nginx and pods of nightly can’t start',
  ],
  [
    ran('pods'),
    [waits('a', 1), waits('b', 1), waits('c', 1), waits('d', 1), waits('e', 1)],
    'Quota for pods used up: 1 pod of a, 1 pod of b, 1 pod of c, and those of 2 more can’t start',
  ],
])('exhausted resources and waiting pods in words: %#', (resources, workloads, text) => {
  expect(blockedText({ resources, workloads })).toBe(text)
})

test('the shortage is shown where the quota’s amounts are known', () => {
  const cpu = { resource: 'requests.cpu', needed: 8, hard: '4', users: [] }
  expect(shortageText({ resources: [cpu] })).toBe('Total needed: CPU requests 8 of 4 CPUs.')
  expect(shortageText({ resources: [{ ...cpu, hard: null }] })).toBe('')
})
