import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readFurtherProviders } from './further-providers.ts'

const dir = mkdtempSync(join(tmpdir(), 'spaceport-providers-'))
afterAll(() => rmSync(dir, { recursive: true }))

const partner = {
  id: 'partner',
  name: 'Partner Ltd',
  issuer: 'https://login.partner.example',
  clientId: 'spaceport',
  clientSecret: 'secret-word',
}
const main = 'https://login.example.com'

function read(content: unknown, mainIssuer = main) {
  const path = join(dir, 'providers.json')
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return () => readFurtherProviders(path, mainIssuer)
}

test('each entry becomes a provider; without a file there are none', () => {
  expect(readFurtherProviders('', main)).toEqual([])
  const file = join(dir, 'secret')
  writeFileSync(file, 'from a file\n')
  const { clientSecret: _, ...without } = partner
  const other = { ...without, id: 'b2', issuer: 'https://b2.example', clientSecretFile: file, adminGroups: ['ops'] }
  const named = { admins: ['Alice@B2.example', 'sub:AbC'], signInGroups: ['staff'], signInDomains: ['B2.example'] }
  expect(read([partner, { ...other, ...named }])()).toEqual([
    {
      ...{ ...partner, otherClientSecret: null, scopes: '', adminGroups: [], auditorGroups: [] },
      ...{ groupsClaim: 'groups', groupsOverage: 'refuse', subjectClaim: 'sub' },
      ...{ admins: [], auditors: [], signInGroups: [], signInDomains: [] },
    },
    expect.objectContaining({
      ...{ id: 'b2', clientSecret: 'from a file', adminGroups: ['ops'], auditors: [] },
      ...{ admins: ['alice@b2.example', 'sub:AbC'], signInGroups: ['staff'], signInDomains: ['b2.example'] },
    }),
  ])
})

test.each<[string, unknown, RegExp]>([
  ['no JSON', '{', /the file: /],
  ['no list', partner, /the file: /],
  ['an unknown field', [{ ...partner, isAdmin: true }], /isAdmin/],
  ['a missing field', [{ ...partner, issuer: undefined }], /0\.issuer/],
  ['an id with capitals', [{ ...partner, id: 'Partner' }], /0\.id/],
  ['the id of the main one', [{ ...partner, id: 'oidc' }], /0\.id: must not be oidc/],
  ['one of our addresses as id', [{ ...partner, id: 'again' }], /0\.id: must not be/],
  ['a path as id', [{ ...partner, id: 'a/../b' }], /0\.id/],
  ['an issuer without https', [{ ...partner, issuer: 'http://login.partner.example' }], /0\.issuer: https is needed/],
  ['the break-glass account as issuer', [{ ...partner, issuer: 'spaceport:break-glass' }], /0\.issuer/],
  ['a name of several lines', [{ ...partner, name: 'a\nb' }], /0\.name/],
  [
    'a pattern as domain',
    [{ ...partner, signInDomains: ['*.example.com'] }],
    /0\.signInDomains\.0: is not an ASCII domain/,
  ],
  ['an empty group', [{ ...partner, signInGroups: [''] }], /0\.signInGroups\.0: is not a group/],
  ['a name without a person', [{ ...partner, admins: ['alice'] }], /0\.admins\.0: is neither/],
  ['an id twice', [partner, { ...partner, issuer: 'https://other.example' }], /the id partner is used twice/],
  ['an issuer twice', [partner, { ...partner, id: 'p2', issuer: `${partner.issuer}/` }], /issuer .* is used twice/],
  [
    'a claim that can change',
    [{ ...partner, subjectClaim: 'email' }],
    /0\.subjectClaim: use a claim that never changes/,
  ],
  ['its own Graph', [{ ...partner, groupsOverage: 'https://evil.example' }], /0\.groupsOverage: refuse, or one of/],
  [
    'a Graph for roles',
    [{ ...partner, groupsOverage: 'https://graph.microsoft.com', groupsClaim: 'roles' }],
    /is for the claim groups/,
  ],
  ['the main issuer', [{ ...partner, issuer: `${main}/` }], /is that of OIDC_ISSUER/],
  ['no secret', [{ ...partner, clientSecret: undefined }], /needs either clientSecret or clientSecretFile/],
  ['two secrets', [{ ...partner, clientSecretFile: '/x' }], /needs either clientSecret or clientSecretFile/],
])('a file with %s is refused, without its secret', (_what, content, why) => {
  const reading = read(content)
  expect(reading).toThrow(/^Spaceport cannot start:\n {2}- SPACEPORT_FURTHER_PROVIDERS is not usable: /)
  expect(reading).toThrow(why)
  expect(reading).not.toThrow(/secret-word/)
})
