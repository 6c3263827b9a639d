import { expect, test } from 'vitest'
import { adminGroupsFor, isCurrentPage } from './admin-pages.ts'
import { ownPagesFor } from './own-pages.ts'

const pagesOf = (platformRole: 'auditor' | 'admin') =>
  Object.fromEntries(
    adminGroupsFor({ platformRole }).map(({ label, pages }) => [
      label,
      pages.map((page) => `${page.label} ${page.href}`),
    ]),
  )

test('admins and auditors get the pages that they may read, in three groups', () => {
  expect(pagesOf('admin')).toEqual({
    Operate: ['Overview /admin', 'Requests /requests/open', 'Spaces /', 'Clusters /admin/clusters'],
    People: ['People /admin/people', 'Reviews /admin/reviews', 'Provisioning /admin/provisioning'],
    Govern: [
      'Policy /admin/policy',
      'Credentials /admin/credentials',
      'Audit trail /audit',
      'Exports & integrity /audit/exports',
    ],
  })
  expect(pagesOf('auditor')).toMatchObject({ Operate: ['Overview /admin', 'Spaces /admin/access'] })
  expect(adminGroupsFor({ platformRole: 'member' })).toEqual([])
})

test.each([
  ['member', '/web', []],
  ['member', '/', ['Spaces']],
  ['member', '/spaces/web/logs', ['Spaces']],
  ['member', '/requests/1', ['Requests']],
  ['auditor', '/', ['Your spaces']],
  ['auditor', '/admin/access', ['Spaces']],
  ['auditor', '/spaces/web/access', ['Your spaces']],
  ['auditor', '/spaces/web/access/report', ['Spaces']],
  ['auditor', '/requests', ['Your requests']],
  ['auditor', '/audit/exports', ['Exports & integrity']],
  ['admin', '/', ['Spaces']],
  ['admin', '/spaces/web', ['Spaces']],
  ['admin', '/admin', ['Overview']],
  ['admin', '/admin/people/alice-7f3a9c/access', ['People']],
  ['admin', '/requests/open', ['Requests']],
  ['admin', '/requests/decided', ['Your requests']],
  ['admin', '/credentials', ['Your credentials']],
  ['admin', '/admin/credentials', ['Credentials']],
  ['admin', '/audit/events/1', ['Audit trail']],
] as const)('for a platform role of %s, %s belongs to one page of the navigation', (platformRole, path, labels) => {
  const admin = adminGroupsFor({ platformRole })
  const everyones = admin.flatMap(({ pages }) => pages.filter((page) => isCurrentPage(page, path)))
  const own = ownPagesFor(admin).filter(({ isCurrent }) => isCurrent(path, false))
  expect([...own, ...everyones].map(({ label }) => label)).toEqual(labels)
})

test('a platform admin’s own spaces are one view of the list', () => {
  const [spaces] = ownPagesFor(adminGroupsFor({ platformRole: 'admin' }))
  expect(spaces).toMatchObject({ label: 'Your spaces', href: '/?role=any' })
  expect(spaces?.isCurrent('/', true)).toBe(true)
  expect(spaces?.isCurrent('/', false)).toBe(false)
  expect(isCurrentPage({ href: '/' }, '/', true)).toBe(false)
})
