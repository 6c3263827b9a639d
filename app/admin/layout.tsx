import type { ReactNode } from 'react'
import { type TabLink, TabLinks } from '#components/ui/tab-links.tsx'
import type { PlatformRole } from '#lib/kernel/model/access/role.ts'
import { decidePermission, type PlatformPermission } from '#lib/kernel/model/people/permission.ts'
import { pageContext } from '#lib/web/page/page-context.ts'

/** The pages under /admin, each with the permission to read it. */
const tabs: readonly (TabLink & { permission: PlatformPermission })[] = [
  { href: '/admin', label: 'Overview', alone: true, permission: 'read-overview' },
  { href: '/admin/policy', label: 'Policy', permission: 'read-policy' },
  { href: '/admin/people', label: 'People', permission: 'list-people' },
  { href: '/admin/access', label: 'Access', permission: 'read-access-report' },
  { href: '/admin/reviews', label: 'Reviews', permission: 'list-reviews' },
  { href: '/admin/credentials', label: 'Credentials', permission: 'list-all-credentials' },
  { href: '/admin/clusters', label: 'Clusters', permission: 'list-clusters' },
  { href: '/admin/provisioning', label: 'Provisioning', permission: 'list-provisioning-tokens' },
]

/** @returns links to the pages under /admin that a platform role may read */
const adminTabs = (platformRole: PlatformRole): TabLink[] =>
  tabs
    .filter(({ permission }) => decidePermission(permission, { platformRole, standing: null }) === 'allowed')
    .map(({ permission: _, ...tab }) => tab)

/** Links between the pages under /admin. Each page checks the person's permission itself. */
export default async function AdminLayout({ children }: { children: ReactNode }) {
  const { actor } = await pageContext()
  const tabs = adminTabs(actor.platformRole)
  return (
    <>
      {tabs.length > 0 && (
        <div className="mb-6">
          <TabLinks label="Administration" items={tabs} nested />
        </div>
      )}
      {children}
    </>
  )
}
