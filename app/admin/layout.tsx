import type { ReactNode } from 'react'
import { TabLinks } from '#components/ui/tab-links.tsx'
import { pageContext } from '#lib/web/page/page-context.ts'
import { adminTabs } from './admin-tabs.ts'

/** Links between the pages under /admin. Each page decides itself whether the person may see it. */
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
