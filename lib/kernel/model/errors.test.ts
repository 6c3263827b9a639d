import { expect, test } from 'vitest'
import { AppError, isAppError } from './errors.ts'

test('an expected failure is recognised whichever copy of this module created it', async () => {
  const copy = './errors.ts?copy'
  const other: typeof import('./errors.ts') = await import(copy)
  const error = new other.AppError('cluster_unknown')
  expect(error).not.toBeInstanceOf(AppError)
  expect(isAppError(error)).toBe(true)
  expect(isAppError(error, 'cluster_unknown')).toBe(true)
  expect(isAppError(error, 'not_found')).toBe(false)
})

test('nothing else counts as an expected failure', () => {
  for (const thrown of [new Error('cluster_unknown'), { code: 'cluster_unknown' }, 'not_found', null, undefined, 404])
    expect(isAppError(thrown)).toBe(false)
})
