import type { ReactNode } from 'react'

/** A few amounts side by side, as wide as the page: a frame around `strip-cells` with a `strip-cell` each. */
export const Strip = ({ label, children }: { label: string; children: ReactNode }) => (
  <section aria-label={label} className="overflow-hidden rounded-lg border bg-surface">
    {children}
  </section>
)
