'use client'

import { Failure } from '#components/shell/failure.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'

/** Shown when a page fails. The log has the same id with the cause. */
export default function PageError({ error, retry }: { error: Error & { digest?: string }; retry: () => void }) {
  return (
    <>
      {/* What the page reads for its own title may have failed as well. */}
      <title>Not loaded · Spaceport</title>
      <Failure title="This page couldn’t be loaded" error={error} retry={retry}>
        <LinkButton href="/">All spaces</LinkButton>
      </Failure>
    </>
  )
}
