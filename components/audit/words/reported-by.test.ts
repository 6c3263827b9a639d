import { expect, test } from 'vitest'
import { reportedBy } from './reported-by.ts'

test('an event that only a cluster reported is marked as such, whatever actor it names', () => {
  expect(reportedBy({ route: 'around', observer: 'cluster/lab' })).toBe(
    'Reported by the cluster lab, not seen by Spaceport',
  )
  expect(reportedBy({ route: null, observer: 'gateway/cluster' })).toBeNull()
})
