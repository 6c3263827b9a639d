'use client'

import { usePathname } from 'next/navigation'
import { useId } from 'react'
import { Icon } from '#components/ui/icon.tsx'
import { type AdminGroup, isCurrentPage } from './admin-pages.ts'
import { NavLink } from './nav-link.tsx'
import { useIsOwnList } from './own-pages.ts'

type Props = { groups: readonly AdminGroup[] }

/**
 * The pages for running Spaceport, beside the page. On narrower screens they are in the header's menu, or above the page
 * if there are no scripts.
 */
export function AdminRail({ groups }: Props) {
  const path = usePathname()
  const isOwnList = useIsOwnList()
  const id = useId()
  // Like the header, after the session has ended.
  if (path.startsWith('/sign-in')) return null
  return (
    <nav
      aria-label="Administration"
      className="not-noscript:max-lg:hidden noscript:max-lg:flex noscript:max-lg:flex-wrap noscript:max-lg:gap-x-6 noscript:max-lg:pb-0 space-y-5 py-8 pr-2 pl-6 lg:sticky lg:top-0 lg:max-h-dvh lg:self-start lg:overflow-y-auto print:hidden"
    >
      {groups.map(({ label, pages }) => (
        <div key={label}>
          <p id={`${id}-${label}`} className="mb-1 px-2.5 font-medium text-muted text-xs">
            {label}
          </p>
          <ul aria-labelledby={`${id}-${label}`} className="space-y-0.5">
            {pages.map((page) => (
              <li key={page.href}>
                <NavLink href={page.href} current={isCurrentPage(page, path, isOwnList)} className="w-full gap-2">
                  <Icon name={page.icon} />
                  {page.label}
                </NavLink>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  )
}
