'use client'

import { Problem } from '#components/shell/problem.tsx'
import { Button } from '#components/ui/button.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'

/** Shown when a page fails. The log has the same id with the cause. */
export default function PageError({ error, retry }: { error: Error & { digest?: string }; retry: () => void }) {
  return (
    <>
      {/* What the page reads for its own title may have failed as well. */}
      <title>Not loaded · Spaceport</title>
      <Problem
        title="This page couldn’t be loaded"
        id={error.digest}
        actions={
          <>
            <Button variant="primary" icon="refresh" onClick={retry}>
              Retry
            </Button>
            <LinkButton href="/">All spaces</LinkButton>
          </>
        }
      >
        <p>Try again in a moment. If it keeps happening, tell a platform admin{error.digest && ' the ID below'}.</p>
      </Problem>
    </>
  )
}
