import type { Metadata } from 'next'
import { Problem } from '#components/shell/problem.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'

export const metadata: Metadata = { title: 'Not found' }

export default function NotFound() {
  return (
    <Problem
      title="There is nothing here that you may see"
      actions={
        <>
          <LinkButton href="/" variant="primary">
            All spaces
          </LinkButton>
          <LinkButton href="/requests">Requests</LinkButton>
        </>
      }
    >
      <p>It may not exist, or not be shared with you. If you know the exact name of a space, you can ask for access.</p>
    </Problem>
  )
}
