import type { ReactNode } from 'react'
import { bytesInWords } from '#lib/kernel/model/bytes-in-words.ts'

/** A key, the size of its value, what can be done with it, and below it the value. */
export const KeyRow = ({
  name,
  bytes,
  actions,
  children,
}: {
  name: string
  bytes: number
  actions?: ReactNode
  children?: ReactNode
}) => (
  <>
    <div className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-1">
      <h3 className="wrap-anywhere min-w-0 font-medium font-mono text-sm">{name}</h3>
      <span className="text-muted text-xs tabular-nums">{bytesInWords(bytes)}</span>
      <div className="ml-auto flex items-center gap-1">{actions}</div>
    </div>
    {children}
  </>
)

/** A value as it is stored. A long one scrolls. */
export const ValueBlock = ({ text, label }: { text: string; label: string }) => (
  <section
    aria-label={label}
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
    tabIndex={0}
    className="mt-1 max-h-80 overflow-auto rounded-md border bg-sunken p-3"
  >
    <pre className="font-mono text-xs leading-5">{text}</pre>
  </section>
)

/** Keys one below the other. */
export const KeyRows = ({ children }: { children: ReactNode }) => (
  <ul className="divide-y rounded-lg border bg-surface">{children}</ul>
)
