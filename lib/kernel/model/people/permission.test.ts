import { expect, test } from 'vitest'
import { decidePermission, type Permission, permissions, type Subject } from './permission.ts'

const subjects: Record<string, Subject> = {
  stranger: { platformRole: 'member', standing: null },
  viewer: { platformRole: 'member', standing: 'viewer' },
  editor: { platformRole: 'member', standing: 'editor' },
  spaceAdmin: { platformRole: 'member', standing: 'admin' },
  owner: { platformRole: 'member', standing: 'owner' },
  auditor: { platformRole: 'auditor', standing: null },
  platformAdmin: { platformRole: 'admin', standing: null },
}

/** + allowed, - forbidden, . looks as if it did not exist. Columns as in `subjects`. */
const matrix: Record<Permission, string> = {
  'create-space': '+++++++',
  'check-space-name': '+++++++',
  'list-spaces': '+++++++',
  'export-spaces': '------+',
  'search-groups': '------+',
  'search-portal': '+++++++',
  'read-space': '.++++.+',
  'read-space-inside': '.++++.-',
  'show-secret': '.-+++.-',
  'read-space-activity': '.++++.+',
  'update-space': '.--++.+',
  'declare-space': '.---+.-',
  'release-space': '.---+.+',
  'retry-space': '.--++.+',
  'delete-space': '.---+.+',
  'offer-space': '.---+.+',
  'withdraw-offer': '.---+.+',
  'list-offers': '+++++++',
  'accept-offer': '+++++++',
  'decline-offer': '+++++++',
  'leave-space': '.+++-.-',
  'add-grant': '.--++.+',
  'change-grant': '.--++.+',
  'remove-grant': '.--++.+',
  'search-principals': '.--++.+',
  'create-credential': '.++++.-',
  'create-credential-for-all': '+++++++',
  'list-credentials': '+++++++',
  'revoke-credential': '+++++++',
  'request-space': '+++++++',
  'request-size': '.--++.-',
  'request-life': '.--++.-',
  'request-role': '+++++++',
  'list-requests': '+++++++',
  'withdraw-request': '+++++++',
  'list-inbox': '+++++++',
  'mark-read': '+++++++',
  'choose-mail': '+++++++',
  'keep-filters': '+++++++',
  'read-webhook': '+++++++',
  'set-up-webhook': '+++++++',
  'change-webhook': '+++++++',
  'rotate-webhook-secret': '+++++++',
  'remove-webhook': '+++++++',
  'test-webhook': '+++++++',
  'read-request': '------+',
  'decide-request': '-------',
  'read-cluster-notices': '------+',
  'list-clusters': '------+',
  'read-access-report': '-----++',
  'export-access-report': '-----++',
  'ask-cluster': '-----++',
  'read-overview': '-----++',
  'list-open-requests': '------+',
  'list-reviews': '-----++',
  'read-review': '-----++',
  'decide-review': '------+',
  'start-review': '------+',
  'schedule-reviews': '------+',
  'extend-review': '------+',
  'close-review': '------+',
  'export-review': '-----++',
  'list-people': '-----++',
  'read-person': '-----++',
  'deactivate-person': '------+',
  'reactivate-person': '------+',
  'offboard-person': '------+',
  'sign-out-person': '------+',
  'end-own-sessions': '+++++++',
  'list-all-credentials': '-----++',
  'revoke-credentials': '------+',
  'revoke-own-credentials': '+++++++',
  'list-provisioning-tokens': '-----++',
  'create-provisioning-token': '------+',
  'approve-provisioning-token': '------+',
  'decline-provisioning-token': '------+',
  'take-over-provisioning-token': '------+',
  'revoke-provisioning-token': '------+',
  'freeze-provisioning': '------+',
  'unfreeze-provisioning': '------+',
  'remove-pushed-group': '------+',
  'read-policy': '-----++',
  'change-policy': '------+',
  'try-policy': '------+',
  'list-audit': '-----++',
  'export-audit': '-----++',
  'verify-trail': '-----++',
  'activate-admin-role': '-------',
  'end-own-admin-role': '-------',
  'end-admin-role': '------+',
  'acknowledge-break-glass-use': '------+',
}

const signs = { allowed: '+', forbidden: '-', hidden: '.' } as const

test.each(Object.entries(matrix))('%s is allowed to exactly the expected people', (permission, row) => {
  const decided = Object.values(subjects).map((subject) => signs[decidePermission(permission as Permission, subject)])
  expect(decided.join('')).toBe(row)
})

test('people chosen for a request or a review may decide on it and read it, and nothing else', () => {
  const chosen: Subject = { platformRole: 'member', standing: null, isDecider: true }
  const more = (Object.keys(permissions) as Permission[]).filter(
    (permission) =>
      decidePermission(permission, chosen) !== decidePermission(permission, { ...chosen, isDecider: false }),
  )
  expect(more).toEqual(['read-request', 'decide-request', 'read-review', 'decide-review'])
})

const differing = (more: Partial<Subject>, than: Subject) =>
  (Object.keys(permissions) as Permission[]).filter(
    (permission) => decidePermission(permission, { ...than, ...more }) !== decidePermission(permission, than),
  )

test('without an active role, a platform admin may activate it, and otherwise only do what members may', () => {
  const member: Subject = { platformRole: 'member', standing: null }
  expect(differing({ isEligible: true }, member)).toEqual(['activate-admin-role', 'end-own-admin-role'])
})

test('the break-glass account gets nothing of its own and nothing that outlasts its hour, can’t decide on requests, and can’t dismiss its own alarm', () => {
  const admin: Subject = { platformRole: 'admin', standing: null }
  expect(differing({ isBreakGlass: true }, { ...admin, isDecider: true })).toEqual([
    'create-space',
    'offer-space',
    'accept-offer',
    'create-credential-for-all',
    'request-space',
    'request-role',
    'decide-request',
    'keep-filters',
    'set-up-webhook',
    'decide-review',
    'create-provisioning-token',
    'approve-provisioning-token',
    'take-over-provisioning-token',
    'acknowledge-break-glass-use',
  ])
})

test('every use case has a row in the matrix', () => {
  expect(Object.keys(matrix).sort()).toEqual(Object.keys(permissions).sort())
})
