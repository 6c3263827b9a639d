import { describe, expect, test } from 'vitest'
import { UpstreamError, type UpstreamFault } from './upstream-error.ts'
import { describeFault } from './upstream-faults.ts'

/** kubectl sends whatever is answered with a Retry-After once more, changes too (client-go, rest/with_retry.go). */
const retryAfter = (fault: UpstreamFault, change: boolean) =>
  describeFault('here', new UpstreamError(fault), change).details?.retryAfterSeconds

describe('a client is told to ask again', () => {
  test.each(['closed', 'malformed', 'taking', 'stopping'] as const)('after “%s” for reads alone', (fault) => {
    expect(retryAfter(fault, false)).toBe(1)
    expect(retryAfter(fault, true)).toBeUndefined()
  })

  test.each(['connect', 'connect timeout', 'busy'] as const)('after “%s”, when nothing was sent', (fault) => {
    expect(retryAfter(fault, false)).toBe(1)
    expect(retryAfter(fault, true)).toBe(1)
  })

  test('never after a timeout, when it may still be under way', () => {
    expect(retryAfter('timeout', false)).toBeUndefined()
    expect(retryAfter('timeout', true)).toBeUndefined()
  })
})

test('who made a change of which nobody knows is told so', () => {
  expect(describeFault('here', new UpstreamError('closed'), true)).toMatchObject({
    key: 'cluster_unreachable',
    status: 503,
    message: expect.stringContaining('may have been made'),
  })
})
