'use client'

import { Failure } from '#components/shell/failure.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'

/** Shown when a page fails. The log has the cause under the same id. */
export default function PageError({ error, retry }: { error: Error & { digest?: string }; retry: () => void }) {
  return (
    <>
      {/* The page's own title may depend on data that couldn't be read. */}
      <title>Not loaded · Spaceport</title>
      <Failure title="This page couldn’t be loaded" error={error} retry={retry}>
        <LinkButton href="/">Go to spaces</LinkButton>
      </Failure>
    </>
  )
}
