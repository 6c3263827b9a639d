import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'

type Props = {
  title: ReactNode
  /** Monospace, for identifiers. */
  mono?: boolean
  /** Copies the title: on the line of its end. */
  copy?: ReactNode
  /** A status next to the title. */
  badge?: ReactNode
  /** At most one sentence. */
  description?: ReactNode
  actions?: ReactNode
  /** A BackLink. */
  back?: ReactNode
}

/** The top of a page: heading, description and actions. */
export function PageHeader({ title, mono, copy, badge, description, actions, back }: Props) {
  return (
    <header className="mb-4 sm:mb-6">
      {back}
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
            <div className="flex min-w-0 items-end">
              <h1 className={classNames('wrap-anywhere min-w-0', mono && 'font-mono text-lg sm:text-xl')}>{title}</h1>
              {copy && <span className="-my-1 sm:-my-0.5 ml-1">{copy}</span>}
            </div>
            {badge}
          </div>
          {description && (
            <div data-about className="mt-1.5 max-w-prose text-muted">
              {description}
            </div>
          )}
        </div>
        {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
      </div>
    </header>
  )
}
