import Link from 'next/link'
import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { LinkPending } from './link-pending.tsx'

type Props = { href: string; className?: string; onClick?: () => void; children: ReactNode }

/** The link of a row: all of the row leads there, and shows that the page is loading. */
export const RowLink = ({ className, children, ...link }: Props) => (
  <Link {...link} prefetch={false} className={classNames('row-link wrap-anywhere hover:underline', className)}>
    {children}
    <LinkPending />
  </Link>
)
