import { expect, test } from 'vitest'
import { strangeWords, type TrailWords } from './trail-vocabulary.ts'

const row: TrailWords = { action: 'space.create', observer: 'web/pod-1', destination: 'cluster/default', reason: null }

test('a row in the vocabulary has no unknown values', () => {
  expect(strangeWords(row)).toEqual([])
  expect(strangeWords({ ...row, observer: 'gateway/a.b', destination: 'gateway', reason: 'cluster_404' })).toEqual([])
})

test.each<Partial<TrailWords>>([
  { action: 'space.made' },
  { observer: 'web' },
  { observer: 'portal/one' },
  { observer: 'worker/' },
  { destination: 'default' },
  { destination: 'cluster/' },
  { reason: 'the logout_token is not valid' },
  { reason: 'cluster_999' },
])('%j is not in the vocabulary', (change) => {
  expect(strangeWords({ ...row, ...change })).toHaveLength(1)
})
