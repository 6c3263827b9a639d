import { Badge } from '#components/ui/badge.tsx'
import { NameLink } from '#components/ui/name-link.tsx'

type Props = {
  href: string
  person: { name: string; handle: string; email?: string; from?: string | null; deactivated?: boolean }
  /** Whether the whole table row links there. */
  wholeRow?: boolean
}

/** A person’s name, linked to a page about them, with their handle below. */
export function PersonLink({
  href,
  person: { name, handle, email = '', from = null, deactivated = false },
  wholeRow = false,
}: Props) {
  return (
    <>
      <NameLink href={href} wholeRow={wholeRow} className="font-medium">
        {name}
      </NameLink>
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
        {from !== null && ` · from ${from}`}
      </span>
    </>
  )
}
