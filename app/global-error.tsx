'use client'

import './globals.css'
import { Problem } from '#components/shell/problem.tsx'
import { Button } from '#components/ui/button.tsx'

/** Shown when even the layout fails. */
export default function GlobalError({ error, retry }: { error: Error & { digest?: string }; retry: () => void }) {
  return (
    <html lang="en">
      <body className="min-h-dvh">
        <title>Spaceport</title>
        <main className="mx-auto max-w-6xl px-4">
          <Problem
            title="Spaceport isn’t responding right now"
            id={error.digest}
            actions={
              <Button variant="primary" icon="refresh" onClick={retry}>
                Retry
              </Button>
            }
          >
            <p>Try again in a moment. If it keeps happening, tell a platform admin{error.digest && ' the ID below'}.</p>
          </Problem>
        </main>
      </body>
    </html>
  )
}
