import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { NotForYou } from '#components/shell/not-for-you.tsx'
import { pageContext } from '#lib/web/page/page-context.ts'
import { adminTabs } from './admin-tabs.ts'

export const metadata: Metadata = { title: 'Administration' }

/** Leads to the first page under /admin that the person may see. */
export default async function AdminPage() {
  const { actor } = await pageContext()
  const [first] = adminTabs(actor.platformRole)
  if (first) redirect(first.href)
  return <NotForYou page="Administration" isEligible={actor.isEligible} />
}
