import type { Metadata } from 'next'
import { RequestAccessButton } from '#components/requests/request-access-button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'

export const metadata: Metadata = { title: 'Not found' }

export default function NotFound() {
  return (
    <EmptyState
      icon="search"
      heading="h1"
      title="Page not found"
      action={
        <>
          <LinkButton href="/" variant="primary">
            Go to spaces
          </LinkButton>
          <RequestAccessButton variant="secondary" />
        </>
      }
    >
      The page doesn’t exist, or you don’t have access. If you know a space’s exact name, you can request access.
    </EmptyState>
  )
}
