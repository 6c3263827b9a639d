import { expect, test } from 'vitest'
import { reportedBy } from './reported-by.ts'

test('what only a cluster says is marked as its word, whoever it names', () => {
  expect(reportedBy({ route: 'around', observer: 'cluster/lab' })).toBe(
    'Reported by the cluster lab, not seen by Spaceport',
  )
  expect(reportedBy({ route: null, observer: 'gateway/cluster' })).toBeNull()
})
