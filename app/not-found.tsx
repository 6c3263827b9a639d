import type { Metadata } from 'next'
import { RequestAccessButton } from '#components/requests/request-access-button.tsx'
import { Problem } from '#components/shell/problem.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'

export const metadata: Metadata = { title: 'Not found' }

export default function NotFound() {
  return (
    <Problem
      title="Page not found"
      actions={
        <>
          <LinkButton href="/" variant="primary">
            All spaces
          </LinkButton>
          <RequestAccessButton variant="secondary" />
        </>
      }
    >
      <p>The page doesn’t exist, or you don’t have access. If you know a space’s exact name, you can request access.</p>
    </Problem>
  )
}
