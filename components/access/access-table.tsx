import Link from 'next/link'
import type { ReactNode } from 'react'
import { standingLabel } from '#components/spaces/standing-label.ts'
import { ActDialog } from '#components/ui/act-dialog.tsx'
import { Badge } from '#components/ui/badge.tsx'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import { type Column, DataTable } from '#components/ui/list/data-table.tsx'
import { AbsoluteTime } from '#components/ui/time/absolute-time.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import type { ReportRow } from '#lib/features/access/model/access-report.ts'
import { groupLabel } from '#lib/kernel/model/people/group-label.ts'
import { AccessPersonLink } from './access-person-link.tsx'
import { AccessSpaceLink } from './access-space-link.tsx'

type Props = {
  rows: readonly ReportRow[]
  /** Leaves out the column that all rows share. */
  of: 'person' | 'space'
  now: Date
  defaultCluster: string
  /** Auditors can't open requests. */
  isAdmin: boolean
  /** Removes a role of a person; none for viewers who may not. */
  remove?: FormAction | null
}

/** Roles with their origin, start, end and last use. */
export function AccessTable({ rows, of, now, defaultCluster, isAdmin, remove = null }: Props) {
  const first: Column<ReportRow> =
    of === 'person'
      ? {
          key: 'space',
          header: 'Space',
          primary: true,
          cell: ({ space }) => <AccessSpaceLink space={space} defaultCluster={defaultCluster} />,
        }
      : { key: 'person', header: 'Person', primary: true, cell: ({ person }) => <AccessPersonLink person={person} /> }
  return (
    <DataTable
      caption={of === 'person' ? 'Access of the person' : 'Access to the space'}
      rows={rows}
      rowKey={({ id, person }) => `${id} ${person?.handle}`}
      columns={[
        first,
        { key: 'role', header: 'Role', cell: ({ standing }) => standingLabel(standing) },
        { key: 'why', header: 'Why', wraps: 'text', cell: (row) => <Source reportRow={row} isAdmin={isAdmin} /> },
        {
          key: 'since',
          header: 'Since',
          folds: 'first',
          cell: ({ since }) =>
            since > now ? (
              <>
                <Badge icon="clock">Scheduled</Badge> <RelativeTime at={since} />
              </>
            ) : (
              <RelativeTime at={since} />
            ),
        },
        {
          key: 'until',
          header: 'Until',
          cell: ({ until, paused }) => (
            <>
              {until ? <AbsoluteTime at={until} /> : 'No end'}
              {paused && (
                <>
                  {' '}
                  <Badge icon="clock">Suspended until sign-in</Badge>
                </>
              )}
            </>
          ),
        },
        {
          key: 'used',
          header: 'Last used',
          cell: ({ lastUsedAt }) =>
            lastUsedAt ? <RelativeTime at={lastUsedAt} /> : <span className="text-muted">Not seen</span>,
        },
        ...(remove ? [removal(remove, defaultCluster)] : []),
      ]}
    />
  )
}

const removal = (remove: FormAction, defaultCluster: string): Column<ReportRow> => ({
  key: 'remove',
  header: 'Remove',
  headerHidden: true,
  align: 'right',
  cell: ({ id, space, standing, group }) =>
    // A space is handed over, and a group’s role belongs to all its members.
    standing !== 'owner' &&
    group === null && (
      <ActDialog
        label="Remove"
        accessibleLabel={`Remove the ${standing} role in ${space.name}`}
        title={`Remove the ${standing} role in ${space.name}?`}
        action={remove}
        given={{ grantId: id, space: space.name, ...(space.cluster !== defaultCluster && { cluster: space.cluster }) }}
        reason="The owner is notified immediately, with your name."
        size="sm"
      >
        <p>
          Unless another role still gives them access, their next kubectl command there is refused, and open logs,
          shells and port-forwards are cut.
        </p>
      </ActDialog>
    ),
})

/** A role's origin and granter. */
function Source({ reportRow, isAdmin }: { reportRow: ReportRow; isAdmin: boolean }) {
  const { standing, group, issuer, requestId, givenBy, asPlatformAdmin } = reportRow
  const by = givenBy && <span className="wrap-anywhere"> by {givenBy.name}</span>
  let why: ReactNode
  if (standing === 'owner') why = givenBy ? <>Handed over{by}</> : 'Created it'
  else if (group !== null)
    why = (
      <>
        Group <span className="wrap-anywhere font-mono">{groupLabel(group, issuer)}</span>, added{by}
      </>
    )
  else if (requestId !== null)
    why = (
      <>
        {isAdmin ? (
          <Link href={`/requests/${requestId}`} prefetch={false} className="text-link">
            Request
          </Link>
        ) : (
          'Request'
        )}{' '}
        approved{by}
      </>
    )
  else why = <>Added{by}</>
  return (
    <>
      {why}
      {asPlatformAdmin && <span className="block text-muted text-xs">As a platform admin</span>}
    </>
  )
}
