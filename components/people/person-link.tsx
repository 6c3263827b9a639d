import Link from 'next/link'
import { Badge } from '#components/ui/badge.tsx'
import { classNames } from '#components/ui/class-names.ts'
import { LinkPending } from '#components/ui/link-pending.tsx'

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
      <Link
        href={href}
        prefetch={false}
        className={classNames('wrap-anywhere font-medium hover:underline', wholeRow && 'row-link')}
      >
        {name}
        {wholeRow && <LinkPending />}
      </Link>
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
