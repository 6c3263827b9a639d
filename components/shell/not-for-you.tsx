import { EmptyState } from '#components/ui/empty-state.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { ActivateLink } from './activate-link.tsx'

/**
 * In place of a page under /admin, for people whose platform role doesn't allow it.
 * @param isEligible whether they could activate the role of a platform admin
 */
export function NotForYou({ page, isEligible }: { page: string; isEligible: boolean }) {
  return (
    <>
      <PageHeader title={page} />
      <EmptyState
        icon="lock"
        title="Only auditors and platform admins can see this page"
        action={isEligible ? <ActivateLink /> : <LinkButton href="/">All spaces</LinkButton>}
      >
        {isEligible
          ? 'You can be a platform admin, but the role isn’t active. Activate it with a reason, for a while.'
          : 'Your groups at the identity provider give you neither role.'}
      </EmptyState>
    </>
  )
}
