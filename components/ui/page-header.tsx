import Link from 'next/link'
import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { Icon } from './icon.tsx'

type Props = {
  title: ReactNode
  /** Monospace, for identifiers. */
  mono?: boolean
  /** Beside the title: a status. */
  badge?: ReactNode
  description?: ReactNode
  actions?: ReactNode
  back?: { href: string; label: string }
}

/** The top of a page: heading, description and actions. */
export function PageHeader({ title, mono, badge, description, actions, back }: Props) {
  return (
    <header className="mb-6">
      {back && (
        <Link
          href={back.href}
          prefetch={false}
          className="mb-1 inline-flex min-h-6 items-center gap-1 text-muted text-sm hover:text-ink"
        >
          <Icon name="chevron-left" className="size-3.5" />
          {back.label}
        </Link>
      )}
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
            <h1
              className={classNames(
                'wrap-anywhere font-semibold tracking-tight',
                mono ? 'font-mono text-lg sm:text-xl' : 'text-xl sm:text-2xl',
              )}
            >
              {title}
            </h1>
            {badge}
          </div>
          {description && <div className="mt-1.5 max-w-prose text-muted">{description}</div>}
        </div>
        {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
      </div>
    </header>
  )
}
