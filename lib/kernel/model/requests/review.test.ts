import { expect, test } from 'vitest'
import { dayMs } from '#lib/kernel/model/duration.ts'
import { bindingRemoval, dueReminder } from './review.ts'

const createdAt = new Date('2026-01-01T00:00:00Z')
const review = { createdAt, dueAt: new Date(createdAt.getTime() + 21 * dayMs), remindedDays: null }
const before = (days: number) => new Date(review.dueAt.getTime() - days * dayMs)

test('reviewers are reminded seven, three and one days before the end, once each', () => {
  expect(dueReminder(review, before(8))).toBeNull()
  expect(dueReminder(review, before(7))).toBe(7)
  expect(dueReminder({ ...review, remindedDays: 7 }, before(6))).toBeNull()
  expect(dueReminder({ ...review, remindedDays: 7 }, before(3))).toBe(3)
  expect(dueReminder({ ...review, remindedDays: 3 }, before(0.5))).toBe(1)
  expect(dueReminder({ ...review, remindedDays: 1 }, before(0.1))).toBeNull()
  expect(dueReminder(review, before(-1))).toBeNull()
})

test('a missed reminder isn’t made up for later', () => {
  expect(dueReminder(review, before(2))).toBe(3)
})

test('a person who was just notified about a short review isn’t reminded', () => {
  const short = { ...review, createdAt: before(2) }
  expect(dueReminder(short, before(2))).toBeNull()
  expect(dueReminder(short, before(1))).toBe(1)
})

test('the command that removes a binding is safe to paste, whatever its name', () => {
  const given = { roleRef: { kind: 'Role', name: 'r' }, subjects: [], leftOut: 0 }
  expect(bindingRemoval({ ...given, kind: 'RoleBinding', namespace: 'web', name: 'a b; rm' })).toBe(
    "kubectl delete -n web --ignore-not-found 'rolebinding/a b; rm'",
  )
  expect(bindingRemoval({ ...given, kind: 'ClusterRoleBinding', namespace: null, name: 'wide' })).toBe(
    'kubectl delete --ignore-not-found clusterrolebinding/wide',
  )
})
