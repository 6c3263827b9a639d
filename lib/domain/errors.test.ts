import { expect, test, vi } from 'vitest'
import { AppError, isAppError } from './errors.ts'

test('an expected failure is known, whichever copy of this module made it', async () => {
  vi.resetModules()
  const other = await import('./errors.ts')
  const error = new other.AppError('cluster_unknown')
  expect(error).not.toBeInstanceOf(AppError)
  expect(isAppError(error)).toBe(true)
  expect(isAppError(error, 'cluster_unknown')).toBe(true)
  expect(isAppError(error, 'not_found')).toBe(false)
})

test('anything else is no expected failure', () => {
  for (const thrown of [new Error('cluster_unknown'), { code: 'cluster_unknown' }, 'not_found', null, undefined, 404])
    expect(isAppError(thrown)).toBe(false)
})
