import { expect, test } from 'vitest'
import { errorCodes } from './errors.ts'
import { clusterAway, retrySeconds } from './retry-delay.ts'

test('an unreachable cluster is retried less and less often, but at least every three minutes', () => {
  for (const code of clusterAway) {
    const waits = Array.from({ length: 12 }, (_, index) => retrySeconds(code, index + 1, 1))
    expect(waits).toEqual([5, 10, 20, 40, 80, 160, 180, 180, 180, 180, 180, 180])
    expect(retrySeconds(code, 10_000, 1)).toBe(180)
  }
})

test('a fault that one command can fix is retried within ten seconds, however long it has lasted', () => {
  for (const code of ['namespace_taken', 'namespace_terminating', 'cluster_refused', 'fences_missing'] as const)
    expect(retrySeconds(code, 1_000, 1)).toBe(10)
})

test('retries of spaces that failed together are spread over half of the delay, and none is immediate', () => {
  expect(retrySeconds('cluster_unreachable', 4, 0)).toBe(20)
  expect(retrySeconds('cluster_unreachable', 4, 0.5)).toBe(30)
  for (const code of errorCodes) expect(retrySeconds(code, 1, 0)).toBeGreaterThanOrEqual(2.5)
})
