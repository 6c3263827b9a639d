import Link from 'next/link'
import type { ReactNode } from 'react'
import { type ButtonSize, type ButtonVariant, buttonClass } from './button-class.ts'
import { Icon, type IconName } from './icon.tsx'
import { LinkPending } from './link-pending.tsx'

type Props = {
  href: string
  variant?: ButtonVariant
  size?: ButtonSize
  icon?: IconName
  /** For files: a plain link, which the router ignores. */
  download?: boolean
  children: ReactNode
}

export function LinkButton({ href, variant, size, icon, download, children }: Props) {
  const inner = (
    <>
      {icon && <Icon name={icon} />}
      {children}
    </>
  )
  if (download) {
    return (
      <a href={href} download className={buttonClass(variant, size)}>
        {inner}
      </a>
    )
  }
  return (
    <Link href={href} prefetch={false} className={buttonClass(variant, size, 'relative')}>
      {inner}
      <LinkPending />
    </Link>
  )
}
