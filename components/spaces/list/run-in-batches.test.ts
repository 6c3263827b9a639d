import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import type { SpaceOutcome } from '#lib/features/spaces/model/space-choice.ts'
import { runInBatches } from './run-in-batches.ts'

const spaces = Array.from({ length: 12 }, (_, at) => ({ id: randomUUID(), cluster: 'main', name: `web-${at}` }))
const done = (from: number): SpaceOutcome[] => spaces.slice(from, from + 5).map((space) => ({ ...space, why: null }))
const fromOf = (form: FormData) => Number(form.get('from'))
const run = async (action: FormAction<SpaceOutcome[]>) => {
  const progress: number[] = []
  const state = await runInBatches(action, new FormData(), spaces, (tried) => progress.push(tried))
  return { state, progress }
}
const whys = (state: Awaited<ReturnType<typeof run>>['state']) =>
  state.status === 'ok' ? state.data?.map(({ why }) => why) : null

test('all spaces are tried, a few at a time, with progress', async () => {
  const { state, progress } = await run(async (_, form) => ({ status: 'ok', data: done(fromOf(form)) }))
  expect(state).toEqual({ status: 'ok', data: [...done(0), ...done(5), ...done(10)] })
  expect(progress).toEqual([5, 10, 12])
})

test('an error that fails the first request is the form’s error', async () => {
  const refused = { status: 'error', code: 'not_signed_in', message: 'Sign in.', fields: {}, requestId: 'r' } as const
  expect((await run(async () => refused)).state).toEqual(refused)
})

test('a later failed request ends the run and is reported for all remaining spaces', async () => {
  let calls = 0
  const { state, progress } = await run(async (_, form) => {
    calls++
    if (fromOf(form) === 0) return { status: 'ok', data: done(0) }
    return { status: 'error', code: 'not_signed_in', message: 'Sign in.', fields: {}, requestId: 'r' }
  })
  expect(whys(state)).toEqual([...Array(5).fill(null), ...Array(7).fill('Sign in.')])
  expect([calls, progress]).toEqual([2, [5]])
})

test('without a response, the result for the remaining spaces is unknown', async () => {
  const { state } = await run(async (_, form) => {
    if (fromOf(form) === 0) return { status: 'ok', data: done(0) }
    throw new TypeError('Failed to fetch')
  })
  expect(whys(state)?.slice(5)).toEqual(Array(7).fill(expect.stringContaining('may or may not')))
})

test('the form handles a missing first response and Next’s own signals', async () => {
  await expect(run(() => Promise.reject(new TypeError('Failed to fetch')))).rejects.toThrow('Failed to fetch')
  const signal = Object.assign(new Error('x'), { digest: 'NEXT_REDIRECT' })
  await expect(
    run(async (_, form) => (fromOf(form) === 0 ? { status: 'ok', data: done(0) } : Promise.reject(signal))),
  ).rejects.toBe(signal)
})
