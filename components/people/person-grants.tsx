import Link from 'next/link'
import { standingLabel } from '#components/spaces/standing-label.ts'
import { ActDialog } from '#components/ui/act-dialog.tsx'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import { type Column, DataTable } from '#components/ui/list/data-table.tsx'
import { AbsoluteTime } from '#components/ui/time/absolute-time.tsx'
import type { GrantOfPerson, Some } from '#lib/kernel/model/people/person-view.ts'
import { BoundedSection } from './bounded-section.tsx'
import { SpaceLink } from './space-link.tsx'

type Props = {
  of: { handle: string }
  grants: Some<GrantOfPerson>
  /** Null for viewers who may not remove roles. */
  remove: FormAction | null
  defaultCluster: string
}

/** The roles that a person has in spaces, and their sources. */
export const PersonGrants = ({ of, grants, remove, defaultCluster }: Props) => (
  <BoundedSection
    title="Roles in spaces"
    description="Not including the spaces they own. A role through a group ends when the group’s role ends or they leave the group."
    none="They have no roles in other people’s spaces."
    some={grants}
    of={of}
    section="grants"
  >
    {(rows) => (
      <DataTable
        caption="Roles in spaces"
        rows={rows}
        rowKey={({ id }) => id}
        columns={[
          {
            key: 'space',
            header: 'Space',
            primary: true,
            cell: ({ space, cluster }) => (
              <SpaceLink
                space={{ name: space, cluster }}
                defaultCluster={defaultCluster}
                linked={remove !== null}
                view="access"
              />
            ),
          },
          { key: 'role', header: 'Role', cell: ({ role }) => standingLabel(role) },
          {
            key: 'from',
            header: 'From',
            wraps: 'text',
            cell: (row) => <Source grant={row} isAdmin={remove !== null} />,
          },
          { key: 'ends', header: 'Ends', cell: ({ endsAt }) => (endsAt ? <AbsoluteTime at={endsAt} /> : 'No end') },
          ...(remove ? [removal(remove, defaultCluster)] : []),
        ]}
      />
    )}
  </BoundedSection>
)

const removal = (remove: FormAction, defaultCluster: string): Column<GrantOfPerson> => ({
  key: 'remove',
  header: 'Remove',
  headerHidden: true,
  align: 'right',
  cell: ({ id, space, cluster, role, group }) =>
    // A group’s role belongs to all its members, so it is removed on the space’s page.
    group === null && (
      <ActDialog
        label="Remove"
        accessibleLabel={`Remove the ${role} role in ${space}`}
        title={`Remove the ${role} role in ${space}?`}
        action={remove}
        given={{ grantId: id, space, ...(cluster !== defaultCluster && { cluster }) }}
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

function Source({ grant: { group, requestId }, isAdmin }: { grant: GrantOfPerson; isAdmin: boolean }) {
  if (group !== null)
    return (
      <>
        Group <span className="wrap-anywhere font-mono">{group}</span>
      </>
    )
  if (requestId === null) return 'A member of the space'
  if (!isAdmin) return 'A request'
  return (
    <Link href={`/requests/${requestId}`} prefetch={false} className="text-link">
      A request
    </Link>
  )
}
