'use client'

import Link from 'next/link'
import { classNames } from './class-names.ts'
import { LinkPending } from './link-pending.tsx'

type Segment = { href: string; label: string; current: boolean }

/** Links between selections of one list, the current one marked. */
export const SegmentLinks = ({ items, label }: { items: readonly Segment[]; label: string }) => (
  <nav aria-label={label} className="scrolls-x max-w-full rounded-md border border-line-strong bg-surface">
    <ul className="flex w-max divide-x divide-line">
      {items.map(({ href, label: text, current }) => (
        <li key={href}>
          <Link
            href={href}
            prefetch={false}
            aria-current={current ? 'page' : undefined}
            className={classNames(
              'relative flex min-h-8 items-center gap-1.5 px-3 text-sm focus-visible:-outline-offset-2',
              current
                ? 'bg-accent-soft font-semibold text-accent forced-colors:underline'
                : 'text-muted hover:bg-sunken hover:text-ink',
            )}
          >
            {text}
            <LinkPending />
          </Link>
        </li>
      ))}
    </ul>
  </nav>
)
