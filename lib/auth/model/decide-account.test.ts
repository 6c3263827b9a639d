import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decideAccount, type FoundAccount } from './decide-account.ts'

const account = (id: string, more: Partial<FoundAccount> = {}): FoundAccount => ({
  id,
  handle: `${id}-1`,
  deactivated: false,
  neverSignedIn: false,
  claim: 'oid',
  hasSubject: false,
  hasSub: false,
  ...more,
})
const bySub = (more: Partial<FoundAccount> = {}) => account('sub', { claim: 'sub', hasSub: true, ...more })
const byOid = (more: Partial<FoundAccount> = {}) => account('oid', { hasSubject: true, ...more })

test('a match on the configured claim is that account, and no match is a new person', () => {
  expect(decideAccount([], 'oid')).toEqual({ kind: 'create' })
  expect(decideAccount([byOid()], 'oid')).toEqual({ kind: 'use', id: 'oid' })
  expect(decideAccount([byOid({ neverSignedIn: true })], 'oid')).toEqual({ kind: 'use', id: 'oid' })
})

test('an account identified by sub changes to the configured claim, and back', () => {
  expect(decideAccount([bySub()], 'oid')).toEqual({ kind: 'change-claim', id: 'sub', before: 'sub' })
  expect(decideAccount([account('a', { hasSub: true })], 'sub')).toMatchObject({ kind: 'change-claim', before: 'oid' })
  expect(decideAccount([bySub({ hasSubject: true })], 'oid'), 'when sub and the claim are equal').toMatchObject({
    kind: 'change-claim',
  })
})

test('an account whose subject equals the value of another claim belongs to another person', () => {
  for (const neverSignedIn of [false, true])
    expect(decideAccount([byOid({ claim: 'sub', neverSignedIn })], 'oid')).toEqual({
      kind: 'conflict',
      handles: ['oid-1'],
    })
  expect(decideAccount([byOid()], 'sub')).toMatchObject({ kind: 'conflict' })
})

test('a deactivated account can’t be bypassed with another account of the same person', () => {
  expect(decideAccount([bySub({ deactivated: true })], 'oid')).toEqual({ kind: 'deactivated', id: 'sub' })
  expect(decideAccount([bySub({ deactivated: true }), byOid()], 'oid')).toEqual({ kind: 'deactivated', id: 'sub' })
  expect(decideAccount([bySub(), byOid({ deactivated: true, neverSignedIn: true })], 'oid')).toMatchObject({
    kind: 'deactivated',
    id: 'oid',
  })
})

test('of two accounts, only one without a sign-in can be retired', () => {
  const [keep, retire] = [bySub(), byOid({ neverSignedIn: true })]
  expect(decideAccount([keep, retire], 'oid')).toEqual({ kind: 'join', keep, retire })
  expect(decideAccount([bySub(), byOid()], 'oid')).toEqual({ kind: 'conflict', handles: ['oid-1', 'sub-1'] })
  expect(decideAccount([bySub(), account('third', { hasSub: true })], 'oid')).toMatchObject({ kind: 'conflict' })
})

test('another value of the claim for the same sub is a conflict, and creates no second account', () => {
  expect(decideAccount([account('a', { hasSub: true })], 'oid')).toEqual({ kind: 'conflict', handles: ['a-1'] })
})

const anyAccount: fc.Arbitrary<FoundAccount> = fc.record({
  id: fc.uuid(),
  handle: fc.string(),
  deactivated: fc.boolean(),
  neverSignedIn: fc.boolean(),
  claim: fc.constantFrom('sub', 'oid', 'employee'),
  hasSubject: fc.boolean(),
  hasSub: fc.boolean(),
})

test('a sign-in never gets an account that is deactivated or matches neither its sub nor its claim', () => {
  fc.assert(
    fc.property(fc.array(anyAccount, { maxLength: 4 }), fc.constantFrom('sub', 'oid'), (found, claim) => {
      const decision = decideAccount(found, claim)
      const given =
        decision.kind === 'use' || decision.kind === 'change-claim'
          ? found.filter(({ id }) => id === decision.id)
          : decision.kind === 'join'
            ? [decision.keep, decision.retire]
            : []
      for (const { deactivated, hasSub, hasSubject, claim: its } of given) {
        expect(deactivated).toBe(false)
        expect(hasSub || (hasSubject && its === claim)).toBe(true)
      }
      if (decision.kind === 'join') expect(decision.retire.neverSignedIn).toBe(true)
    }),
  )
})
