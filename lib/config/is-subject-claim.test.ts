import { expect, test } from 'vitest'
import { isSubjectClaim } from './is-subject-claim.ts'

test.each(['sub', 'oid', 'employee_id', 'https://example.com/claims/person-id'])('%s may identify people', (name) => {
  expect(isSubjectClaim(name)).toBe(true)
})

test.each([
  ...[
    'email',
    'E-Mail',
    'preferred_username',
    'upn',
    'UPN',
    'unique_name',
    'name',
    'given_name',
    'nickname',
    'phone_number',
  ],
  ...[
    'verified_primary_email',
    'https://example.com/email',
    'urn:example:user_name',
    'onprem_sam_account_name',
    'login_hint',
  ],
  ...[
    'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress',
    'userPrincipalName',
    'tid',
    'groups',
    'iss',
  ],
  ...['', ' ', 'a b', 'ä', 'x'.repeat(201), 'https://example.com/'],
])('%j may not', (name) => {
  expect(isSubjectClaim(name)).toBe(false)
})
