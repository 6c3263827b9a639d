import { expect, test } from 'vitest'
import { safeReturnUrl } from './safe-return-url.ts'

const own = 'https://spaceport.example.com'

test.each(['/', '/spaces/a?cluster=lab', '/requests', `${own}/credentials`, '/spaces/%2F%2Fevil'])(
  '%s is a page of the portal',
  (wanted) => {
    expect(safeReturnUrl(wanted, own)).toBe(wanted.startsWith('/') ? `${own}${wanted}` : wanted)
  },
)

test.each([
  'https://evil.example',
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '\u0000//evil.example',
  ' //evil.example',
  '/ /evil.example',
  'https:evil.example',
  'https:/evil.example',
  'http://spaceport.example.com/',
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'data:text/html,x',
  `${own}@evil.example`,
  `${own}.evil.example/`,
  `${own}:8443/`,
  'https://user@spaceport.example.com/',
  'https://spaceport.example.com\\@evil.example',
  '/..//evil.example',
  '/.//evil.example',
  `${own}//evil.example`,
  '/api/auth/sign-out',
  '/sign-in?error=x',
  'spaces',
  '?x',
  '',
  `/${'a'.repeat(2_001)}`,
  null,
  7,
  ['/'],
])('%j leads to the start page', (wanted) => {
  expect(safeReturnUrl(wanted, own)).toBe(`${own}/`)
})
