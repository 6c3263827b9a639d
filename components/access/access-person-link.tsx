import { personPath } from '#components/people/people-list-data.ts'
import { PersonLink } from '#components/people/person-link.tsx'
import type { ReportRow } from '#lib/features/access/model/access-report.ts'

/** A person, linked to their access. */
export function AccessPersonLink({ person }: { person: ReportRow['person'] }) {
  if (!person) return <span className="font-normal text-muted">No member of this group has signed in</span>
  return <PersonLink href={personPath(person.handle, 'access')} person={person} />
}
