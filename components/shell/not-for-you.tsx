import { EmptyState } from '#components/ui/empty-state.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { ActivateLink } from './activate-link.tsx'

type Props = {
  page: string
  isEligible: boolean
  title?: string
  /** Where they find the part that they may see. */
  children?: string
}

/** Replaces a page for auditors and platform admins if the person's platform role doesn't allow it. */
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
        action={isEligible ? <ActivateLink /> : <LinkButton href="/">Go to spaces</LinkButton>}
      >
        {isEligible
          ? 'Your platform admin role isn’t active. Activate it with a reason, for a limited time.'
          : 'Your groups at the identity provider don’t give you this role.'}{' '}
        {children}
      </EmptyState>
    </>
  )
}
