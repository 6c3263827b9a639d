import { describe, expect, test } from 'vitest'
import { UpstreamError, type UpstreamFault } from './upstream-error.ts'
import { describeFault } from './upstream-faults.ts'

/** kubectl repeats any request that is answered with a Retry-After, even changes (client-go, rest/with_retry.go). */
const retryAfter = (fault: UpstreamFault, change: boolean) =>
  describeFault('here', new UpstreamError(fault), change).details?.retryAfterSeconds

describe('a client is asked to retry', () => {
  test.each(['closed', 'malformed', 'taking', 'stopping'] as const)('after “%s” only for reads', (fault) => {
    expect(retryAfter(fault, false)).toBe(1)
    expect(retryAfter(fault, true)).toBeUndefined()
  })

  test.each(['connect', 'connect timeout', 'busy'] as const)('after “%s”, when nothing was sent', (fault) => {
    expect(retryAfter(fault, false)).toBe(1)
    expect(retryAfter(fault, true)).toBe(1)
  })

  test('never after a timeout, when the request may still be running', () => {
    expect(retryAfter('timeout', false)).toBeUndefined()
    expect(retryAfter('timeout', true)).toBeUndefined()
  })
})

test('a change with an unknown outcome is reported as such', () => {
  expect(describeFault('here', new UpstreamError('closed'), true)).toMatchObject({
    key: 'cluster_unreachable',
    status: 503,
    message: expect.stringContaining('may have been made'),
  })
})
