import { expect, test } from 'vitest'
import { type Contacts, contactStateOf, latencyOf } from './contact.ts'

const now = new Date('2026-11-27T12:00:00Z')
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1_000)
const contacts = (changed: Partial<Contacts>): Contacts => ({
  triedAt: ago(20),
  answeredAt: ago(20),
  failingSince: null,
  failure: null,
  ...changed,
})

test.each<[string, Partial<Contacts>]>([
  ['answers', {}],
  ['fails', { answeredAt: ago(400), failingSince: ago(300), failure: 'connection' }],
  ['silent', { triedAt: ago(181), answeredAt: ago(181) }],
  ['silent', { triedAt: ago(181), failingSince: ago(500), failure: 'connection' }],
  ['never', { triedAt: null, answeredAt: null }],
])('the state of a cluster’s contact: %s', (state, changed) => {
  expect(contactStateOf(contacts(changed), now)).toBe(state)
})

test('latency is the median and the maximum', () => {
  expect(latencyOf([])).toBeNull()
  expect(latencyOf([7])).toEqual({ median: 7, slowest: 7 })
  expect(latencyOf([900, 1, 3, 100])).toEqual({ median: 3, slowest: 900 })
})
