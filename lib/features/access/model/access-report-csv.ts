import type { DirectAccess } from '#lib/kernel/model/audit/cluster-audit.ts'
import { csvLine } from '#lib/kernel/model/csv.ts'
import { groupLabel } from '#lib/kernel/model/people/group-label.ts'
import type { CredentialListed } from '#lib/kernel/model/people/person-view.ts'
import type { ReportRow } from './access-report.ts'
import type { ClusterBinding } from './cluster-binding.ts'
import { handleOf } from './review-subject.ts'

/** Columns of the access report as CSV. Instants are ISO 8601, UTC. */
const columns = [
  /** `role`, `credential`, `binding`, `seen` (direct access, from the cluster's audit log) or `note` */
  'record',
  'cluster',
  'space',
  'person',
  'person_name',
  'deactivated',
  'role',
  'group',
  'given_by',
  'as_platform_admin',
  'request',
  'since',
  'until',
  'paused',
  'last_used',
  'last_used_from',
  'binding',
  'binding_state',
  'subject',
  'note',
] as const
type Line = Partial<Record<(typeof columns)[number], string | null>>

const line = (values: Line): string => csvLine(columns.map((column) => values[column] ?? null))
const instant = (at: Date | null): string | null => at?.toISOString() ?? null
const yes = (value: boolean): string => (value ? 'yes' : 'no')

export const accessReportHeader = csvLine(columns)

export const accessReportLine = ({ space, person, ...row }: ReportRow): string =>
  line({
    record: 'role',
    cluster: space.cluster,
    space: space.name,
    person: person?.handle ?? null,
    person_name: person?.name ?? null,
    deactivated: person && yes(person.deactivated),
    role: row.standing,
    group: row.group && groupLabel(row.group, row.issuer),
    given_by: row.givenBy?.handle ?? null,
    as_platform_admin: yes(row.asPlatformAdmin),
    request: row.requestId,
    since: instant(row.since),
    until: instant(row.until),
    paused: yes(row.paused),
    last_used: instant(row.lastUsedAt),
  })

export const credentialLine = ({ person, space, ...row }: CredentialListed): string =>
  line({
    record: 'credential',
    cluster: space?.cluster ?? null,
    space: space?.name ?? null,
    person: person.handle,
    person_name: person.name,
    since: instant(row.createdAt),
    until: instant(row.endsAt),
    last_used: instant(row.lastUsedAt),
    last_used_from: row.lastUsedAddress,
    note: space ? null : 'for all spaces of the person',
  })

/** @returns a line per subject of a binding, or one line if it has no subjects */
export const bindingLines = (space: { name: string; cluster: string }, binding: ClusterBinding): string => {
  const { kind, name, roleRef, subjects, state } = binding
  const about: Line = {
    record: 'binding',
    cluster: space.cluster,
    space: space.name,
    role: `${roleRef.kind}/${roleRef.name}`,
    binding: `${kind}/${name}`,
    binding_state: state,
  }
  if (subjects.length === 0) return line(about)
  return subjects
    .map((subject) =>
      line({
        ...about,
        person: handleOf(subject),
        subject: [subject.kind, subject.namespace, subject.name].filter((part) => part !== undefined).join('/'),
      }),
    )
    .join('')
}

/** @returns a line for a person's direct access to a space */
export const directAccessLine = (space: { name: string; cluster: string }, seen: DirectAccess): string =>
  line({
    record: 'seen',
    cluster: space.cluster,
    space: space.name,
    person: handleOf({ kind: 'User', name: seen.user }),
    subject: `User/${seen.user}`,
    since: instant(seen.firstSeenAt),
    last_used: instant(seen.lastSeenAt),
    last_used_from: seen.lastAddress,
    note: [seen.credential, seen.credentialId, seen.lastRequest].filter((part) => part !== '').join(' · '),
  })

/** @returns a line that explains missing data */
export const noteLine = (note: string): string => line({ record: 'note', note })
