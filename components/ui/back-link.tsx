import Link from 'next/link'
import { Icon } from './icon.tsx'

/** A link from an item to its list. */
export const BackLink = ({ href, label }: { href: string; label: string }) => (
  <Link
    href={href}
    prefetch={false}
    className="mb-1 inline-flex min-h-6 items-center gap-1 text-muted text-sm hover:text-ink"
  >
    <Icon name="chevron-left" className="size-3.5" />
    {label}
  </Link>
)
