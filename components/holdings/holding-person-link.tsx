import Link from 'next/link'
import { Badge } from '#components/ui/badge.tsx'
import type { Holding } from '#lib/domain/holding.ts'
import { accessPath } from './access-path.ts'

/** A person, leading to all that they have access to. */
export function HoldingPersonLink({ person }: { person: Holding['person'] }) {
  if (!person) return <span className="font-normal text-muted">Nobody of this group has signed in</span>
  return (
    <>
      <Link
        href={accessPath({ by: 'person', person: person.handle })}
        prefetch={false}
        className="wrap-anywhere font-medium hover:underline"
      >
        {person.name}
      </Link>
      {person.deactivated && (
        <span className="ml-2">
          <Badge tone="warn" icon="lock">
            Deactivated
          </Badge>
        </span>
      )}
      <span className="wrap-anywhere block font-mono font-normal text-muted text-xs">{person.handle}</span>
    </>
  )
}
