import { expect, test } from 'vitest'
import { readClusterEvent } from './cluster-event.ts'
import { eventOf } from './event-fixture.ts'
import { isDryRun } from './is-dry-run.ts'

const asked = (verb: string, query: string, subresource = '') => {
  const objectRef = { resource: 'pods', namespace: 'lab', name: 'web', subresource }
  const event = readClusterEvent(eventOf({ verb, objectRef, requestURI: `/api/v1/namespaces/lab/pods${query}` }))
  if (!event) throw new Error('not an event')
  return isDryRun(event)
}

test.each([
  ['create', '?dryRun=All', true],
  ['update', '?fieldManager=me&dryRun=All', true],
  ['patch', '?x=;&dryRun=All', true],
  ['create', '', false],
  // The API server interprets these differently (api-server.release.itest.ts tries them).
  ['create', '??dryRun=All', false],
  ['create', '?fieldManager=x?dryRun=All', false],
  ['create', '?fieldManager=x&a&dryRun=All;y', false],
  ['create', '?dryRun=All%zz', false],
  // It rejects these.
  ['create', '?dryRun=all', false],
  ['create', '?dryRun=All&dryRun=', false],
  // The body decides for a deletion, and the audit doesn’t have it.
  ['delete', '?dryRun=All', false],
  ['deletecollection', '?dryRun=All', false],
  ['get', '?dryRun=All', false],
  ['list', '?dryRun=All', false],
  ['watch', '?dryRun=All', false],
  ['create', `?dryRun=All&a=${'b'.repeat(2_000)}`, false],
])('%s with %s: %s', (verb, query, expected) => {
  expect(asked(verb, query)).toBe(expected)
})

test.each(['exec', 'attach', 'portforward', 'proxy', 'token'])('%s has no dry run', (subresource) => {
  expect(asked('create', '?dryRun=All', subresource)).toBe(false)
})
