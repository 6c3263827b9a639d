'use client'

import { type ReactNode, useEffect, useState } from 'react'
import { Icon } from '#components/ui/icon.tsx'

type Props = {
  /** Initially. Afterwards the reader decides. */
  open: boolean
  summary: ReactNode
  children: ReactNode
}

/** The chain's card, collapsed unless `#chain` leads to it. */
export function ChainDetails({ open: given, summary, children }: Props) {
  const [open, setOpen] = useState(given)
  useEffect(() => {
    if (window.location.hash === '#chain') setOpen(true)
  }, [])
  return (
    <details
      id="chain"
      open={open}
      onToggle={(event) => setOpen(event.currentTarget.open)}
      className="group mb-4 scroll-mt-4 rounded-lg border bg-surface"
    >
      <summary className="flex min-h-12 list-none flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5 text-sm hover:bg-sunken/60 focus-visible:-outline-offset-2 [&::-webkit-details-marker]:hidden">
        <Icon name="chevron-right" className="size-3.5 text-muted transition-transform group-open:rotate-90" />
        {summary}
      </summary>
      <div className="space-y-5 border-t px-4 py-4 sm:px-5">{children}</div>
    </details>
  )
}
