import Link from 'next/link'
import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { LinkPending } from './link-pending.tsx'

type Props = {
  href: string
  /** Whether the whole row is the link, and shows that the page is loading. */
  wholeRow?: boolean
  className?: string
  onClick?: () => void
  children: ReactNode
}

/** An item's name, as a link to its page. */
export const NameLink = ({ wholeRow = false, className, children, ...link }: Props) => (
  <Link
    {...link}
    prefetch={false}
    className={classNames('wrap-anywhere hover:underline', wholeRow && 'row-link', className)}
  >
    {children}
    {wholeRow && <LinkPending />}
  </Link>
)
