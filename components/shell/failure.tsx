import type { ReactNode } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Problem } from './problem.tsx'

type Props = { title: string; error: Error & { digest?: string }; retry: () => void; children?: ReactNode }

/** What failed, how to retry, and the ID of the cause in the log; `children` are other actions. */
export function Failure({ title, error, retry, children }: Props) {
  return (
    <Problem
      title={title}
      id={error.digest}
      actions={
        <>
          <Button variant="primary" icon="refresh" onClick={retry}>
            Retry
          </Button>
          {children}
        </>
      }
    >
      <p>Try again in a moment. If it keeps happening, contact a platform admin{error.digest && ' the ID below'}.</p>
    </Problem>
  )
}
