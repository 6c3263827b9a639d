import { expect, test } from 'vitest'
import { type TrailCheck, verdictOf } from './trail-check.ts'

const check = (result: TrailCheck['result'], part = false): TrailCheck => ({
  id: `${result}`,
  askedBy: null,
  askedAt: new Date(0),
  fromAt: part ? new Date(0) : null,
  toAt: null,
  cancelledAt: null,
  startedAt: null,
  total: 0,
  done: 0,
  firstBlock: null,
  lastBlock: null,
  endedAt: null,
  result,
  findings: [],
  findingCount: 0,
})

test.each<[string, TrailCheck[], string]>([
  ['nothing was verified', [], 'unverified'],
  ['one runs', [check(null)], 'unverified'],
  ['one was cancelled, and one gave up', [check('cancelled'), check('gave-up')], 'unverified'],
  ['a part is intact', [check('holds', true)], 'unverified'],
  ['all of it is intact', [check('holds')], 'holds'],
  ['all of it is intact, and another verification is running', [check(null), check('holds')], 'holds'],
  ['a part was found broken since', [check('broken', true), check('holds')], 'broken'],
  ['another part was found intact since', [check('holds', true), check('broken')], 'broken'],
  ['all of it was found intact since', [check('holds'), check('broken')], 'holds'],
])('%s', (_, checks, is) => {
  expect(verdictOf(checks).is).toBe(is)
})
