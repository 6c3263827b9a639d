import { ActDialog } from '#components/ui/act-dialog.tsx'
import type { FormAction } from '#components/ui/action-form.tsx'
import { Badge } from '#components/ui/badge.tsx'
import type { Column } from '#components/ui/data-table.tsx'
import { RelativeTime } from '#components/ui/relative-time.tsx'
import type { ProvisioningToken } from '#lib/domain/provisioning-view.ts'

/** What is said of a token. @param revoke null for those who only look */
export const tokenColumns = (revoke: FormAction | null): readonly Column<ProvisioningToken>[] => [
  {
    key: 'name',
    header: 'Name',
    primary: true,
    cell: ({ name, revokedAt }) => (
      <span className="wrap-anywhere">
        {name} {revokedAt && <Badge tone="neutral">Revoked</Badge>}
      </span>
    ),
  },
  {
    key: 'made',
    header: 'Created',
    cell: ({ createdAt, createdBy }) => (
      <>
        <RelativeTime at={createdAt} /> by {createdBy.name}
      </>
    ),
  },
  {
    key: 'used',
    header: 'Last used',
    cell: ({ lastUsedAt, lastUsedAddress }) =>
      lastUsedAt ? (
        <>
          <RelativeTime at={lastUsedAt} />
          {lastUsedAddress && <span className="block text-muted text-xs">from {lastUsedAddress}</span>}
        </>
      ) : (
        <span className="text-muted">Never</span>
      ),
  },
  {
    key: 'revoked',
    header: 'Revoked',
    cell: ({ revokedAt, revokedBy }) =>
      revokedAt ? (
        <>
          <RelativeTime at={revokedAt} /> {revokedBy && `by ${revokedBy.name}`}
        </>
      ) : (
        <span className="text-muted">In force</span>
      ),
  },
  ...(revoke
    ? [
        {
          key: 'revoke',
          header: 'Revoke',
          headerHidden: true,
          align: 'right' as const,
          cell: ({ id, name, revokedAt }: ProvisioningToken) =>
            revokedAt === null && (
              <ActDialog
                label="Revoke"
                accessibleLabel={`Revoke the token ${name}`}
                title={`Revoke ${name}?`}
                action={revoke}
                given={{ id }}
                reason={null}
                size="sm"
              >
                <p>
                  The next request with it is refused. Until your identity provider has another token, nobody is added
                  or shut out by provisioning. Who was, stays as they are, and pushed groups keep their members and the
                  roles that these have by them. To end that, delete the groups at the provider first.
                </p>
              </ActDialog>
            ),
        },
      ]
    : []),
]
