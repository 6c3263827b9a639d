import type { ReactNode } from 'react'
import { standingLabel } from '#components/spaces/standing-label.ts'
import { Badge } from '#components/ui/badge.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { initials } from '#components/ui/initials.ts'
import { type Column, DataTable } from '#components/ui/list/data-table.tsx'
import { AbsoluteTime } from '#components/ui/time/absolute-time.tsx'
import { clusterRoleOf, type Standing } from '#lib/kernel/model/access/role.ts'
import { groupLabel, membersInWords } from '#lib/kernel/model/people/group-label.ts'
import type { GrantView } from '#lib/kernel/model/spaces/space-view.ts'

export type Owner = { handle: string; name: string; email: string }

type Row = { key: string; who: ReactNode; role: ReactNode; until: ReactNode; actions: ReactNode }

type Props = {
  owner: Owner
  grants: readonly GrantView[]
  /** Actions for a member, or null. */
  actionsFor: (grant: GrantView) => ReactNode
}

const columns: readonly Column<Row>[] = [
  { key: 'who', header: 'Member', primary: true, className: 'wide:w-2/5', cell: (row) => row.who },
  { key: 'role', header: 'Role', wraps: 'text', cell: (row) => row.role },
  { key: 'until', header: 'Ends', cell: (row) => row.until },
  { key: 'actions', header: 'Actions', headerHidden: true, align: 'right', cell: (row) => row.actions },
]

/** Members with role and end date, the owner first. */
export function MemberList({ owner, grants, actionsFor }: Props) {
  const rows: Row[] = [
    {
      key: 'owner',
      who: <Person name={owner.name} detail={[owner.email, owner.handle].filter(Boolean).join(' · ')} />,
      role: 'Owner',
      until: <span className="text-muted">No end</span>,
      actions: null,
    },
    ...grants.map((grant) => ({
      key: grant.id,
      who: <Who grant={grant} />,
      role: (
        <>
          <span className="inline-flex flex-wrap items-center gap-1.5">
            {standingLabel(grant.role)}
            {grant.byRequest && <Badge>By request</Badge>}
            {grant.asPlatformAdmin && <Badge>By a platform admin</Badge>}
          </span>
          {clusterRoleOf(grant.role, grant.endsAt !== null) !== grant.role && (
            <span className="block text-muted text-xs">
              Because this role has an end date, it can’t manage Roles or RoleBindings on the cluster.
            </span>
          )}
        </>
      ),
      until: (
        <>
          {grant.startsAt && (
            <span className="block">
              Starts <AbsoluteTime at={grant.startsAt} />
            </span>
          )}
          {grant.endsAt ? <AbsoluteTime at={grant.endsAt} /> : <span className="text-muted">No end</span>}
        </>
      ),
      actions: actionsFor(grant),
    })),
  ]
  return <DataTable caption="Members" columns={columns} rows={rows} rowKey={(row) => row.key} />
}

function Who({ grant: { principal, isSelf } }: { grant: GrantView }) {
  if (principal.kind === 'user')
    return (
      <Person
        name={principal.name}
        detail={[principal.email, principal.handle, principal.from && `from ${principal.from}`]
          .filter(Boolean)
          .join(' · ')}
        self={isSelf}
      />
    )
  return (
    <Person
      name={groupLabel(principal.name, principal.issuer)}
      detail={`Group · ${membersInWords(principal.people)}`}
      group
    />
  )
}

function Person({ name, detail, self, group }: { name: string; detail: string; self?: boolean; group?: boolean }) {
  const letters = initials(name)
  return (
    <span className="flex items-center gap-2.5 max-sm:items-start">
      <span
        aria-hidden
        className="grid size-8 shrink-0 place-items-center rounded-full bg-accent-soft font-medium text-accent text-xs"
      >
        {group || letters === '' ? <Icon name={group ? 'users' : 'user'} /> : letters}
      </span>
      <span className="min-w-0">
        <span className="wrap-anywhere block font-medium">
          {name} {self && <span className="font-normal text-muted">(you)</span>}
        </span>
        <span className="wrap-anywhere block text-muted text-xs">{detail}</span>
      </span>
    </span>
  )
}

/** @returns a grant's principal as named in a sentence */
export const principalName = ({ principal }: GrantView): string =>
  principal.kind === 'group' ? `group ${groupLabel(principal.name, principal.issuer)}` : principal.name

/** @returns a grant's principal as the add-member form sends it */
export function principalKey({ principal }: GrantView): string {
  if (principal.kind === 'user') return `user:${principal.handle}`
  return `${principal.provider ? `group@${principal.provider}` : 'group'}:${principal.name}`
}

/** @returns everyone's role in the space, by the value that the add-member form sends */
export const standingsOf = (owner: Owner, grants: readonly GrantView[]): Record<string, Standing> =>
  Object.fromEntries<Standing>([
    [`user:${owner.handle}`, 'owner'],
    ...grants
      .filter(({ principal }) => principal.kind === 'user' || principal.issuer === null || principal.provider)
      .map((grant) => [principalKey(grant), grant.role] as const),
  ])

/**
 * @returns whether the add-member form can create the same grant: by a member, from now, without an end or until the
 *   end of a day
 */
export const isGivenByDay = ({ principal, startsAt, endsAt, byRequest, asPlatformAdmin }: GrantView): boolean =>
  !byRequest &&
  !asPlatformAdmin &&
  startsAt === null &&
  (endsAt === null || endsAt.toISOString().endsWith('T23:59:59.000Z')) &&
  (principal.kind === 'user' || principal.issuer === null)
