import Link from 'next/link'
import type { ReactNode } from 'react'
import { Section } from '#components/ui/section.tsx'
import type { PersonSection, Some } from '#lib/kernel/model/people/person-view.ts'
import { personPath } from './people-list-data.ts'

type Props<T> = {
  title: string
  /** Shown if there are none. */
  none: string
  some: Some<T>
  of: { handle: string }
  section: PersonSection
  children: (rows: readonly T[]) => ReactNode
}

/** A bounded list of one kind of a person’s things, with a link to more. */
export function BoundedSection<T>({ title, none, some, of, section, children }: Props<T>) {
  const { rows, more } = some
  return (
    <Section id={section} title={title} content={rows.length === 0 ? 'card' : 'bare'}>
      {rows.length === 0 ? <p className="text-muted text-sm">{none}</p> : children(rows)}
      {more && (
        <p className="mt-3 text-sm">
          {rows.length < 100 ? (
            <Link
              href={`${personPath(of.handle)}?more=${section}#${section}`}
              prefetch={false}
              className="text-link"
              aria-label={`Show more: ${title}`}
            >
              Show more
            </Link>
          ) : (
            <span className="text-muted">Only the first {rows.length} are shown.</span>
          )}
        </p>
      )}
    </Section>
  )
}
