import { EmptyState } from '#components/ui/empty-state.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'

/** In place of a page under /admin, for people whose platform role doesn't allow it. */
export function NotForYou({ page }: { page: string }) {
  return (
    <>
      <PageHeader title={page} />
      <EmptyState
        icon="lock"
        title="Only auditors and platform admins can see this page"
        action={<LinkButton href="/">All spaces</LinkButton>}
      >
        Your groups at the identity provider give you neither role.
      </EmptyState>
    </>
  )
}
