'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { classNames } from './class-names.ts'
import { LinkPending } from './link-pending.tsx'

/** `current` is for views of one page, which differ in more than its path. */
export type TabLink = { href: string; label: string; current?: boolean }

/** Links between views, with the current one marked. `label` names them for screen readers. */
export function TabLinks({ items, label }: { items: readonly TabLink[]; label: string }) {
  const path = usePathname()
  return (
    <nav aria-label={label} className="-mx-4 overflow-x-auto border-b px-4 sm:mx-0 sm:px-0">
      <ul className="flex gap-2.5 sm:gap-5">
        {items.map(({ href, label: text, current: isCurrent }) => {
          const current = isCurrent ?? href.split('?')[0] === path
          return (
            <li key={href}>
              <Link
                href={href}
                prefetch={false}
                aria-current={current ? 'page' : undefined}
                className={classNames(
                  'relative -mb-px flex min-h-10 items-center gap-1.5 whitespace-nowrap border-b-2 text-sm',
                  current
                    ? 'border-accent font-semibold text-ink'
                    : 'border-transparent text-muted hover:border-line-strong hover:text-ink',
                )}
              >
                {text}
                <LinkPending />
              </Link>
            </li>
          )
        })}
      </ul>
    </nav>
  )
}
