'use client'

import Link from 'next/link'
import type { ReactNode } from 'react'
import { classNames } from '#components/ui/class-names.ts'
import { LinkPending } from '#components/ui/link-pending.tsx'

type Props = { href: string; current: boolean; className?: string; children: ReactNode }

/** A link of the header or the rail, marked on its pages. */
export const NavLink = ({ href, current, className, children }: Props) => (
  <Link
    href={href}
    prefetch={false}
    aria-current={current ? 'page' : undefined}
    className={classNames(
      'relative inline-flex min-h-9 items-center gap-1.5 whitespace-nowrap rounded-md px-1.5 text-sm sm:px-2.5',
      current
        ? 'bg-accent-soft font-semibold text-accent forced-colors:underline'
        : 'font-medium text-muted hover:bg-sunken hover:text-ink',
      className,
    )}
  >
    {children}
    <LinkPending />
  </Link>
)
