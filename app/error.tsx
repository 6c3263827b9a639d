'use client'

import { Problem } from '#components/shell/problem.tsx'
import { Button } from '#components/ui/button.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'

/** What is shown when a page fails. The id is in the log beside the reason. */
export default function PageError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <Problem
      title="This page could not be shown"
      id={error.digest}
      actions={
        <>
          <Button variant="primary" icon="refresh" onClick={reset}>
            Retry
          </Button>
          <LinkButton href="/">All spaces</LinkButton>
        </>
      }
    >
      <p>Nothing was changed. Try again in a moment; if it stays so, tell a platform admin the id below.</p>
    </Problem>
  )
}
