import { PersonLink } from '#components/people/person-link.tsx'
import type { ReportRow } from '#lib/features/access/model/access-report.ts'
import { accessPath } from './access-path.ts'

/** A person, linked to their access report. */
export function AccessPersonLink({ person }: { person: ReportRow['person'] }) {
  if (!person) return <span className="font-normal text-muted">No member of this group has signed in</span>
  return <PersonLink href={accessPath({ by: 'person', person: person.handle })} person={person} />
}
