import { expect, test } from 'vitest'
import { adminGroupsFor } from '#components/shell/admin-pages.ts'
import type { FoundSpace, SearchResults } from '#lib/features/search/model/search-query.ts'
import type { PlatformRole } from '#lib/kernel/model/access/role.ts'
import { fixedOptions } from './palette-options.ts'
import { searchedText, shownOptions } from './shown-options.ts'

const none: SearchResults = { spaces: [], people: [] }
const rights = { admin: [], mayActivate: false, helpUrl: '' }
const fixed = fixedOptions(rights, '/')

const space = (name: string, more: Partial<FoundSpace> = {}): FoundSpace => ({
  id: `id-of-${name}`,
  name,
  cluster: null,
  owner: 'Alice Example',
  standing: 'owner',
  health: null,
  connects: true,
  ...more,
})

function labels(typed: string, found: Partial<SearchResults> = {}, recent: string[] = [], known: SearchResults = none) {
  const groups = shownOptions({ typed, fixed, found: { ...none, ...found }, known, recent })
  return groups.flatMap(({ group, options }) => [`# ${group}`, ...options.map(({ label }) => label)])
}

test.each([
  ['web', 'web'],
  ['  Kubeconfig for  web-dev ', 'web-dev'],
  ['open activity of web-dev', 'web-dev'],
  ['web-dev settings', 'web-dev'],
  ['kubeconfig', 'kubeconfig'],
  ['copy for tests', 'copy for tests'],
  ['', ''],
])('“%s” searches for “%s” on the server', (typed, text) => {
  expect(searchedText(typed)).toBe(text)
})

test('a space with the typed name comes first, then its actions', () => {
  const shown = labels('web-dev', { spaces: [space('web-dev'), space('my-web-dev')] })
  expect(shown.slice(0, 3)).toEqual(['# Spaces', 'web-dev', 'my-web-dev'])
  expect(shown).toContain('Download kubeconfig for web-dev')
  expect(shown, 'only of the first').not.toContain('Open Activity of my-web-dev')
})

test('logs and shell are offered only to roles that allow them', () => {
  const offered = (standing: FoundSpace['standing']) =>
    labels('web-dev', { spaces: [space('web-dev', { standing })] }).filter((label) => /Logs|Shell/.test(label))
  expect(offered('owner')).toEqual(['Open Logs of web-dev', 'Open Shell of web-dev'])
  expect(offered('viewer')).toEqual(['Open Logs of web-dev'])
  expect(offered(null)).toEqual([])
})

test('a word of an action shows that action for every space found', () => {
  const shown = labels('kubeconfig web', { spaces: [space('web-dev'), space('web-test', { connects: false })] })
  expect(shown).toEqual(['# Actions', 'Download kubeconfig for web-dev', '# Spaces', 'web-dev', 'web-test'])
})

test('spaces that the server found by description come last', () => {
  const shown = labels('checkout', { spaces: [space('web-dev'), space('checkout')] })
  expect(shown.slice(0, 3)).toEqual(['# Spaces', 'checkout', 'web-dev'])
})

test('earlier results that no longer match are not shown', () => {
  const known = { spaces: [space('web-dev')], people: [] }
  expect(labels('zebra', {}, [], known)).toEqual([])
  expect(labels('web', {}, [], known)).toContain('web-dev')
})

test('pages and actions are found by name and by synonym', () => {
  expect(labels('new sp')[1]).toBe('New space')
  expect(labels('dark')).toEqual(['# Actions', 'Use the dark theme'])
  expect(labels('log out')).toEqual(['# Actions', 'Sign out'])
  expect(labels('inbox')[1]).toBe('Inbox')
})

test('only auditors and admins are offered their pages', () => {
  const offered = (platformRole: PlatformRole) =>
    fixedOptions({ ...rights, admin: adminGroupsFor({ platformRole }) }, '/').map(({ label }) => label)
  expect(offered('auditor')).toEqual(expect.arrayContaining(['Audit trail', 'Policy', 'People']))
  expect(offered('auditor')).not.toContain('Clusters')
  expect(offered('admin')).toContain('Clusters')
  const own = fixed.map(({ label }) => label)
  for (const label of ['Audit trail', 'Policy', 'People', 'Clusters', 'Activate admin role', 'Get help'])
    expect(own).not.toContain(label)
})

test('help is offered if configured', () => {
  const helpUrl = 'https://wiki.example.com/spaceport'
  const help = fixedOptions({ ...rights, helpUrl }, '/').find(({ label }) => label === 'Get help')
  expect(help?.act).toEqual({ is: 'open', href: helpUrl })
})

test('without a text, recent options come first, and unknown ids are left out', () => {
  const recent = ['do:kubeconfig:id-of-web-dev', 'space:gone', 'page:/credentials', 'person:nobody', 'space:id-of-api']
  const shown = labels('', { spaces: [space('api'), space('web-dev')] }, recent)
  expect(shown.slice(0, 4)).toEqual(['# Recent', 'Download kubeconfig for web-dev', 'Credentials', 'api'])
  expect(shown.filter((label) => label === 'api')).toHaveLength(1)
})

test('of equal matches, the last used comes first', () => {
  const spaces = [space('web-a'), space('web-b')]
  expect(labels('web', { spaces })[1]).toBe('web-a')
  expect(labels('web', { spaces }, ['space:id-of-web-b'])[1]).toBe('web-b')
})

test('at most twenty options are shown', () => {
  const spaces = Array.from({ length: 12 }, (_, at) => space(`open-${at}`))
  const people = Array.from({ length: 8 }, (_, at) => ({
    id: `${at}`,
    handle: `open-${at}`,
    deactivated: false,
    name: `Open ${at}`,
    email: '',
  }))
  const shown = labels('open', { spaces, people }).filter((label) => !label.startsWith('#'))
  expect(shown).toHaveLength(20)
})
