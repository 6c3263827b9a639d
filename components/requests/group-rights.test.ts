import { expect, test } from 'vitest'
import { gainedRights } from '#lib/kernel/model/access/role-rules.ts'
import { groupRights } from './group-rights.ts'

test('every gained permission is shown once', () => {
  const gained = gainedRights(null, 'admin')
  const shown = groupRights(gained).flatMap(({ rows }) =>
    rows.flatMap(({ resources, verbs }) => resources.map((resource) => `${resource} ${verbs.join()}`)),
  )
  expect(shown.sort()).toEqual(gained.map(({ resource, verbs }) => `${resource} ${verbs.join()}`).sort())
})

test('secrets and access to running pods come first, and are marked', () => {
  const groups = groupRights(gainedRights('viewer', 'editor'))
  expect(groups.slice(0, 2).map(({ title, sensitive }) => [title, sensitive])).toEqual([
    ['Secrets', true],
    ['Inside running pods', true],
  ])
})

test('an uncategorized resource is shown under Other resources', () => {
  expect(groupRights([{ resource: 'widgets.example.com', verbs: ['get'], sensitive: false }])).toEqual([
    {
      title: 'Other resources',
      sensitive: false,
      rows: [{ resources: ['widgets.example.com'], verbs: ['get'], sensitive: false }],
    },
  ])
})
