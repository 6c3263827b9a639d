import { expect, test } from 'vitest'
import { workloadRef } from './workload-view.ts'

test('a workload is named by its kind and name, and by nothing else', () => {
  expect(workloadRef.parse('Deployment/web')).toEqual({ kind: 'Deployment', name: 'web' })
  expect(workloadRef.parse('Pod/web-0.a')).toEqual({ kind: 'Pod', name: 'web-0.a' })
  for (const text of [
    '',
    'web',
    'Secret/web',
    'Deployment/',
    'Deployment/../secrets/db',
    'Deployment/a/b',
    'Deployment/WEB',
    'Deployment/a%2fb',
    `Deployment/${'a'.repeat(254)}`,
  ])
    expect(workloadRef.safeParse(text).success, text).toBe(false)
})
