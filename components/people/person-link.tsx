import Link from 'next/link'
import { Badge } from '#components/ui/badge.tsx'
import { RowLink } from '#components/ui/row-link.tsx'

type Props = {
  href: string
  person: { name: string; handle: string; email?: string; deactivated?: boolean }
  /** Whether the whole row of a table leads there. */
  wholeRow?: boolean
}

/** A person’s name, leading to a page about them, with their handle beneath. */
export function PersonLink({ href, person: { name, handle, email = '', deactivated = false }, wholeRow }: Props) {
  return (
    <>
      {wholeRow ? (
        <RowLink href={href} className="font-medium">
          {name}
        </RowLink>
      ) : (
        <Link href={href} prefetch={false} className="wrap-anywhere font-medium hover:underline">
          {name}
        </Link>
      )}
      {deactivated && (
        <span className="ml-2">
          <Badge tone="warn" icon="lock">
            Deactivated
          </Badge>
        </span>
      )}
      <span className="wrap-anywhere block font-normal text-muted text-xs">
        <span className="font-mono">{handle}</span>
        {email !== '' && ` · ${email}`}
      </span>
    </>
  )
}
