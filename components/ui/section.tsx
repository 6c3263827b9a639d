import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'

type Props = {
  title?: ReactNode
  description?: ReactNode
  /** Buttons and links beside the title. */
  actions?: ReactNode
  children?: ReactNode
  tone?: 'plain' | 'danger'
  /** Lets a list or table reach the card's edges. */
  flush?: boolean
}

/** A card with a heading. */
export function Section({ title, description, actions, children, tone = 'plain', flush }: Props) {
  return (
    <section className={classNames('rounded-lg border bg-surface', tone === 'danger' && 'border-bad/40')}>
      {(title || actions) && (
        <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 px-4 pt-4 last:pb-4 sm:px-5">
          <div className="min-w-0">
            {title && <h2 className={classNames('font-semibold', tone === 'danger' && 'text-bad')}>{title}</h2>}
            {description && <p className="mt-0.5 max-w-prose text-muted text-sm">{description}</p>}
          </div>
          {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
        </div>
      )}
      {children && <div className={flush ? 'pt-3' : 'p-4 sm:px-5'}>{children}</div>}
    </section>
  )
}
