'use client'

import { Problem } from '#components/shell/problem.tsx'
import { Button } from '#components/ui/button.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'

/** What is shown when a page fails. The id is in the log beside the reason. */
export default function PageError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <Problem
      title="This page couldn’t be loaded"
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
      <p>Nothing was changed. Try again in a moment. If it keeps happening, give a platform admin the ID below.</p>
    </Problem>
  )
}
