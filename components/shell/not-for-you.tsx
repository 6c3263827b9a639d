import { EmptyState } from '#components/ui/empty-state.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { ActivateLink } from './activate-link.tsx'

type Props = {
  page: string
  /** Whether they could activate the role of a platform admin. */
  isEligible: boolean
  title?: string
  /** Where they find what they may see of it. */
  children?: string
}

/** In place of a page for auditors and platform admins, for people whose platform role doesn't allow it. */
export function NotForYou({
  page,
  isEligible,
  title = 'Only auditors and platform admins can see this page',
  children,
}: Props) {
  return (
    <>
      <PageHeader title={page} />
      <EmptyState
        icon="lock"
        title={title}
        action={isEligible ? <ActivateLink /> : <LinkButton href="/">All spaces</LinkButton>}
      >
        {isEligible
          ? 'You can be a platform admin, but the role isn’t active. Activate it with a reason, for a while.'
          : 'Your groups at the identity provider don’t give you such a role.'}{' '}
        {children}
      </EmptyState>
    </>
  )
}
