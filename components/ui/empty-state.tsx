import type { ReactNode } from 'react'
import { Honeycomb } from './honeycomb.tsx'
import { Icon, type IconName } from './icon.tsx'

type Props = {
  icon: IconName
  title: string
  /** `h1` for a whole page, `h3` in a section, `h4` in a nested section. */
  heading?: 'h1' | 'h2' | 'h3' | 'h4'
  children?: ReactNode
  action?: ReactNode
}

/** Replaces an empty list: what will appear here, and how to get there. */
export function EmptyState({ icon, title, heading: Heading = 'h2', children, action }: Props) {
  return (
    <div className="flex flex-col items-center rounded-lg border bg-surface px-6 pt-3 pb-8 text-center">
      <span className="relative mb-1 grid place-items-center text-accent">
        <Honeycomb />
        <Icon name={icon} className="absolute size-5" />
      </span>
      <Heading>{title}</Heading>
      {children && <div className="mt-1 max-w-md text-muted text-sm">{children}</div>}
      {action && <div className="mt-4 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  )
}
