'use client'

import './globals.css'
import { Problem } from '#components/shell/problem.tsx'
import { Button } from '#components/ui/button.tsx'

/** What is shown when not even the frame of the pages works. */
export default function GlobalError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <html lang="en">
      <body className="min-h-dvh">
        <title>Spaceport</title>
        <main className="mx-auto max-w-6xl px-4">
          <Problem
            title="Spaceport does not answer right now"
            id={error.digest}
            actions={
              <Button variant="primary" icon="refresh" onClick={reset}>
                Retry
              </Button>
            }
          >
            <p>Try again in a moment. If it stays so, tell a platform admin the id below.</p>
          </Problem>
        </main>
      </body>
    </html>
  )
}
