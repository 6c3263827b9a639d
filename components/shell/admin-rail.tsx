'use client'

import { usePathname } from 'next/navigation'
import { type ReactNode, useId } from 'react'
import { InboxCount } from '#components/inbox/inbox-count.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { type AdminGroup, isCurrentPage } from './admin-pages.ts'
import { NavLink } from './nav-link.tsx'
import { ownPagesFor, useIsOwnList } from './own-pages.ts'

type Props = {
  groups: readonly AdminGroup[]
  /** How many items are pending or unread, counted up to 100. */
  inbox: number
  /** When they were counted, in milliseconds since the epoch. */
  readAt: number
}

/**
 * The person’s own pages and those for running Spaceport, beside the page. On narrower screens the former are in the
 * header, and the latter in its menu, or above the page if there are no scripts.
 */
export function AdminRail({ groups, inbox, readAt }: Props) {
  const path = usePathname()
  const isOwnList = useIsOwnList()
  // Like the header, after the session has ended.
  if (path.startsWith('/sign-in')) return null
  return (
    <div
      data-rail
      className="not-noscript:max-lg:hidden space-y-4 py-8 pr-2 pl-6 noscript:max-lg:pb-0 lg:sticky lg:top-0 lg:max-h-dvh lg:self-start lg:overflow-y-auto print:hidden"
    >
      <nav aria-label="Main" className="max-lg:hidden">
        <Group label="You">
          {ownPagesFor(groups).map(({ href, label, icon, isCurrent }) => (
            <li key={href}>
              <NavLink href={href} current={isCurrent(path, isOwnList)} className="w-full gap-2 lg:min-h-8">
                <Icon name={icon} />
                {label}
                {href === '/inbox' && <InboxCount count={inbox} at={readAt} />}
              </NavLink>
            </li>
          ))}
        </Group>
      </nav>
      <nav
        aria-label="Administration"
        className="noscript:max-lg:flex noscript:max-lg:flex-wrap noscript:max-lg:gap-x-6 space-y-4"
      >
        {groups.map(({ label, pages }) => (
          <Group key={label} label={label}>
            {pages.map((page) => (
              <li key={page.href}>
                <NavLink
                  href={page.href}
                  current={isCurrentPage(page, path, isOwnList)}
                  className="w-full gap-2 lg:min-h-8"
                >
                  <Icon name={page.icon} />
                  {page.label}
                </NavLink>
              </li>
            ))}
          </Group>
        ))}
      </nav>
    </div>
  )
}

function Group({ label, children }: { label: string; children: ReactNode }) {
  const id = useId()
  return (
    <div>
      <p id={id} className="mb-1 px-2.5 font-medium text-muted text-xs">
        {label}
      </p>
      <ul aria-labelledby={id} className="space-y-0.5">
        {children}
      </ul>
    </div>
  )
}
