import type { ReactNode } from 'react'

/** A page without content: the reason, and where to go next. */
export function Problem({
  title,
  children,
  id,
  actions,
}: {
  title: string
  children: ReactNode
  id?: string | undefined
  actions: ReactNode
}) {
  return (
    <section className="mx-auto max-w-lg py-16 text-center">
      <h1>{title}</h1>
      <div className="mt-2 text-muted">{children}</div>
      {id && (
        <p className="mt-3 text-muted text-sm">
          Error ID: <code className="font-mono text-ink">{id}</code>
        </p>
      )}
      <div className="mt-6 flex flex-wrap justify-center gap-2">{actions}</div>
    </section>
  )
}
