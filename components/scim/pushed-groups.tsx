import { ActDialog } from '#components/ui/act-dialog.tsx'
import { Badge } from '#components/ui/badge.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import { type Column, DataTable } from '#components/ui/list/data-table.tsx'
import { Pagination } from '#components/ui/list/pagination.tsx'
import { Section } from '#components/ui/section.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import type { PushedGroup } from '#lib/kernel/model/people/provisioning-view.ts'

type Props = {
  groups: { rows: readonly PushedGroup[]; more: boolean }
  page: number
  /** Null for viewers who may not remove groups. */
  remove: FormAction | null
}

/** A page of the groups that the provider pushes, with a way to remove one. */
export function PushedGroups({ groups: { rows, more }, page, remove }: Props) {
  const pageUrl = (number: number) => (number === 1 ? '/admin/provisioning' : `/admin/provisioning?groups=${number}`)
  return (
    <Section
      title="Pushed groups"
      content="bare"
      description="For these groups, the pushed members count instead of the groups in people’s sign-ins."
    >
      {rows.length === 0 ? (
        <EmptyState icon="users" title="No pushed groups" heading="h3">
          Groups appear here once your identity provider pushes them.
        </EmptyState>
      ) : (
        <DataTable caption="Pushed groups" rows={rows} rowKey={({ id }) => id} columns={columns(remove)} />
      )}
      <Pagination previous={page > 1 ? pageUrl(page - 1) : null} next={more ? pageUrl(page + 1) : null} />
    </Section>
  )
}

const columns = (remove: FormAction | null): readonly Column<PushedGroup>[] => [
  {
    key: 'name',
    header: 'Group',
    primary: true,
    cell: ({ name, paused }) => (
      <span className="wrap-anywhere">
        <span className="font-mono">{name}</span> {paused && <Badge tone="warn">Suspended</Badge>}
      </span>
    ),
  },
  { key: 'members', header: 'Members', align: 'right', cell: ({ members }) => members.toLocaleString('en') },
  { key: 'spaces', header: 'Spaces', align: 'right', cell: ({ spaces }) => spaces.toLocaleString('en') },
  {
    key: 'changed',
    header: 'Last push',
    wraps: 'text',
    cell: ({ changedAt, changedBy }) => (
      <span className="wrap-anywhere">
        <RelativeTime at={changedAt} /> {changedBy !== null && `with ${changedBy}`}
      </span>
    ),
  },
  ...(remove
    ? [
        {
          key: 'remove',
          header: 'Remove',
          headerHidden: true,
          align: 'right' as const,
          cell: ({ id, name, members, spaces }: PushedGroup) => (
            <ActDialog
              label="Remove"
              accessibleLabel={`Remove the pushed group ${name}`}
              title={`Remove ${name}?`}
              action={remove}
              given={{ id }}
              reason="Recorded in the audit trail."
              variant="danger-quiet"
              size="sm"
            >
              <p>
                {inNumber(members, 'member')} {members === 1 ? 'loses' : 'lose'} this group’s roles in{' '}
                {inNumber(spaces, 'space')}, and its platform role if it gives one. The spaces’ owners are notified.
              </p>
              <p>
                People who have the group in their sign-in get its roles again when they next sign in. The identity
                provider can push the group again unless you freeze provisioning or revoke the token first.
              </p>
            </ActDialog>
          ),
        },
      ]
    : []),
]
