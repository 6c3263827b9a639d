import { expect, onTestFinished, test } from 'vitest'
import { metrics } from '#lib/observability/metrics.ts'
import { countObjects } from './count-objects.ts'

async function counted(cluster: string): Promise<Record<string, number>> {
  const { values } = await metrics().spaceObjects.get()
  const own = values.filter(({ labels }) => labels.cluster === cluster)
  return Object.fromEntries(own.map(({ labels, value }) => [String(labels.state), value]))
}

test('each object is counted once, by its latest state', async () => {
  const counts = countObjects('one')
  onTestFinished(counts.end)
  const none = { ready: 0, waiting: 0, refused: 0, failing: 0 }
  expect(await counted('one')).toEqual(none)
  for (const key of ['a/x', 'a/y', 'b/x']) counts.notice(key)
  expect(await counted('one')).toEqual({ ...none, waiting: 3 })
  counts.found('a/x', 'ready')
  counts.found('a/x', 'ready')
  counts.found('a/y', 'refused')
  counts.notice('a/x')
  expect(await counted('one')).toEqual({ ...none, ready: 1, waiting: 1, refused: 1 })
  counts.found('a/x', 'failing')
  counts.forget('a/y')
  counts.forget('a/y')
  expect(await counted('one')).toEqual({ ...none, waiting: 1, failing: 1 })
  counts.keepOnly(new Set(['b/x']))
  expect(await counted('one')).toEqual({ ...none, waiting: 1 })
})

test('a worker that stops following a cluster counts nothing there; other clusters are unaffected', async () => {
  const [one, two] = [countObjects('one'), countObjects('two')]
  onTestFinished(two.end)
  two.notice('a/x')
  two.found('a/x', 'ready')
  one.end()
  expect(await counted('one')).toEqual({})
  expect(await counted('two')).toMatchObject({ ready: 1 })
})

test('an object that fails several checks in a row is failing, until one succeeds', async () => {
  const counts = countObjects('one')
  onTestFinished(counts.end)
  counts.notice('a/x')
  counts.found('a/x', 'ready')
  const fail = (times: number) => {
    for (let i = 0; i < times; i++) counts.failed('a/x')
  }
  fail(4)
  counts.found('a/x', 'ready')
  fail(4)
  expect(await counted('one')).toMatchObject({ ready: 1, failing: 0 })
  fail(1)
  expect(await counted('one')).toMatchObject({ ready: 0, failing: 1 })
  counts.found('a/x', 'ready')
  expect(await counted('one')).toMatchObject({ ready: 1, failing: 0 })
})

test('an object that disappears during a check is no longer counted', async () => {
  const counts = countObjects('one')
  onTestFinished(counts.end)
  counts.notice('a/x')
  counts.forget('a/x')
  counts.found('a/x', 'refused')
  for (let i = 0; i < 9; i++) counts.failed('a/x')
  expect(await counted('one')).toEqual({ ready: 0, waiting: 0, refused: 0, failing: 0 })
})
