'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import type { ReactNode } from 'react'
import { classNames } from '#components/ui/class-names.ts'
import { LinkPending } from '#components/ui/link-pending.tsx'

/** A link in the main navigation, marked on its pages. @param also a second path that belongs to it */
export function NavLink({ href, also, children }: { href: string; also?: string; children: ReactNode }) {
  const path = usePathname()
  const below = (base: string) => path === base || path.startsWith(`${base}/`)
  const current = (href === '/' ? path === '/' : below(href)) || (also !== undefined && below(also))
  return (
    <Link
      href={href}
      prefetch={false}
      aria-current={current ? 'page' : undefined}
      className={classNames(
        'relative inline-flex min-h-9 items-center gap-1.5 rounded-md px-1.5 text-sm sm:px-2.5 hover:bg-sunken',
        current
          ? 'bg-accent-soft font-semibold text-accent forced-colors:underline'
          : 'font-medium text-muted hover:text-ink',
      )}
    >
      {children}
      <LinkPending />
    </Link>
  )
}
