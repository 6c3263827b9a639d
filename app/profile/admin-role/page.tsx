import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { activateAdminRoleAction } from '#app/platform-role-actions.ts'
import { type SearchParams, textParam } from '#app/search-params.ts'
import { ActivateAdminForm } from '#components/shell/activate-admin-form.tsx'
import { BackLink } from '#components/ui/back-link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Section } from '#components/ui/section.tsx'
import { pageContext } from '#lib/web/page/page-context.ts'
import { returnPath } from '#lib/web/page/return-path.ts'

export const metadata: Metadata = { title: 'Activate admin role' }

type Props = { searchParams: Promise<SearchParams> }

/** The page on which an eligible person activates the platform admin role, with a reason and a duration. */
export default async function AdminRolePage({ searchParams }: Props) {
  const [{ actor, policy }, params] = await Promise.all([pageContext(), searchParams])
  if (!actor.isEligible) redirect('/profile')
  const back = returnPath(textParam(params, 'continue'))
  if (actor.platformRole === 'admin') redirect(back)
  return (
    <>
      <PageHeader
        title="Activate admin role"
        description="Usually you are a member. Activate the platform admin role only when you need it."
        back={<BackLink href={back} label="Back" />}
      />
      <div className="max-w-xl">
        <Section
          title="Reason and duration"
          description="All other platform admins are notified at once, with your reason. It is recorded in the audit trail."
        >
          <ActivateAdminForm action={activateAdminRoleAction} longest={policy.adminMinutes} back={back} />
        </Section>
      </div>
    </>
  )
}
