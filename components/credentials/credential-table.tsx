import Link from 'next/link'
import { addressOf, spacePath } from '#components/spaces/space-path.ts'
import type { FormAction } from '#components/ui/action-form.tsx'
import { type Column, DataTable } from '#components/ui/data-table.tsx'
import { RelativeTime } from '#components/ui/relative-time.tsx'
import type { CredentialView } from '#lib/domain/credential-view.ts'
import { CredentialStateBadge } from './credential-state-badge.tsx'
import { RevokeButton } from './revoke-button.tsx'

type Props = {
  caption: string
  rows: readonly CredentialView[]
  defaultCluster: string
  /** For active credentials: revokes one. */
  revoke?: FormAction
  /** A column to select rows by. */
  select?: Column<CredentialView>
}

/** Shown only where it distinguishes rows. */
const state: Column<CredentialView> = {
  key: 'state',
  header: 'Status',
  cell: (row) => <CredentialStateBadge state={row.state} />,
}

/** Credentials with their scope and last use, and a way to revoke them. */
export function CredentialTable({ caption, rows, defaultCluster, revoke, select }: Props) {
  const columns: Column<CredentialView>[] = [
    ...(select ? [select] : []),
    {
      key: 'space',
      header: 'Space',
      primary: true,
      cell: (row) => <Reach row={row} defaultCluster={defaultCluster} />,
    },
    ...(revoke ? [] : [state]),
    { key: 'made', header: 'Created', cell: (row) => <RelativeTime at={row.createdAt} /> },
    revoke
      ? { key: 'ends', header: 'Expires', cell: (row) => <RelativeTime at={row.endsAt} /> }
      : { key: 'ended', header: 'Ended', cell: (row) => <RelativeTime at={row.revokedAt ?? row.endsAt} /> },
    { key: 'used', header: 'Last used', cell: (row) => <LastUse row={row} /> },
  ]
  if (revoke)
    columns.push({
      key: 'revoke',
      header: 'Revoke',
      headerHidden: true,
      align: 'right',
      cell: (row) => <RevokeButton action={revoke} id={row.id} space={row.space?.name ?? null} />,
    })
  return <DataTable caption={caption} columns={columns} rows={rows} rowKey={(row) => row.id} />
}

function Reach({ row: { space }, defaultCluster }: { row: CredentialView; defaultCluster: string }) {
  if (!space) return <span className="font-medium">All your spaces</span>
  const address = addressOf(space, defaultCluster)
  const cluster = address.cluster && <span className="text-muted"> on {address.cluster}</span>
  if (space.deleted)
    return (
      <>
        <span className="wrap-anywhere font-mono">{space.name}</span>
        {cluster}
        <span className="text-muted"> (deleted)</span>
      </>
    )
  return (
    <>
      <Link href={spacePath(address)} prefetch={false} className="wrap-anywhere font-medium font-mono hover:underline">
        {space.name}
      </Link>
      {cluster}
    </>
  )
}

function LastUse({ row: { lastUsedAt, lastUsedAddress } }: { row: CredentialView }) {
  if (!lastUsedAt) return <span className="text-muted">Never</span>
  return (
    <>
      <RelativeTime at={lastUsedAt} />
      {lastUsedAddress && <span className="block text-muted text-xs">from {lastUsedAddress}</span>}
    </>
  )
}
