'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useCurrentInView } from '#components/ui/live/use-current-in-view.ts'
import { classNames } from './class-names.ts'
import { LinkPending } from './link-pending.tsx'

export type TabLink = {
  href: string
  label: string
  /** For views of one page that differ in more than the path. */
  current?: boolean
  /** Pages below it belong to other views. */
  alone?: boolean
  /** Paths of pages that belong to this view although they aren’t below it. */
  covers?: readonly string[]
}

type Props = {
  items: readonly TabLink[]
  /** For screen readers. */
  label: string
  /** Whether pages below a view belong to it. */
  nested?: boolean
}

/** Links between views, with the current one marked. */
export function TabLinks({ items, label, nested = false }: Props) {
  const path = usePathname()
  const row = useCurrentInView<HTMLElement>(path)
  return (
    <nav ref={row} aria-label={label} className="-mx-4 scrolls-x border-b px-4 sm:mx-0 sm:px-0">
      <ul className="flex gap-2.5 sm:gap-5">
        {items.map(({ href, label: text, current: isCurrent, alone, covers = [] }) => {
          const [view] = href.split('?')
          const isPage = isCurrent ?? view === path
          const current = isPage || covers.includes(path) || (nested && !alone && path.startsWith(`${view}/`))
          return (
            <li key={href}>
              <Link
                href={href}
                prefetch={false}
                aria-current={isPage ? 'page' : current ? 'true' : undefined}
                className={classNames(
                  'relative flex min-h-10 items-center gap-1.5 whitespace-nowrap text-sm',
                  current ? 'tab-mark font-semibold text-ink' : 'text-muted hover:text-ink',
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
