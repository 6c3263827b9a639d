'use client'

import './globals.css'
import { Failure } from '#components/shell/failure.tsx'

/** Shown when even the layout fails. */
export default function GlobalError({ error, retry }: { error: Error & { digest?: string }; retry: () => void }) {
  return (
    <html lang="en">
      <body className="min-h-dvh">
        <title>Spaceport</title>
        <main className="mx-auto max-w-7xl px-4">
          <Failure title="Spaceport isn’t responding right now" error={error} retry={retry} />
        </main>
      </body>
    </html>
  )
}
