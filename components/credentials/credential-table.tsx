import Link from 'next/link'
import { addressOf, spacePath } from '#components/spaces/space-path.ts'
import { Badge, type BadgeTone } from '#components/ui/badge.tsx'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import type { IconName } from '#components/ui/icon.tsx'
import { type Column, DataTable } from '#components/ui/list/data-table.tsx'
import { AbsoluteTime } from '#components/ui/time/absolute-time.tsx'
import { EndingChip } from '#components/ui/time/ending-chip.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import { dayAndTime, timeInWords } from '#components/ui/time/time-in-words.ts'
import type { CredentialView } from '#lib/kernel/model/people/credential-view.ts'
import { endingOf } from '#lib/kernel/model/spaces/ending.ts'
import { Marks } from './credential-marks.tsx'
import { LastUse } from './last-use.tsx'
import { RevokeButton } from './revoke-button.tsx'

const looks: Readonly<Record<CredentialView['state'], { tone: BadgeTone; icon: IconName; word: string }>> = {
  active: { tone: 'ok', icon: 'check-circle', word: 'Active' },
  ended: { tone: 'neutral', icon: 'clock', word: 'Expired' },
  revoked: { tone: 'neutral', icon: 'x', word: 'Revoked' },
}

/** A credential's state in one word. */
function CredentialStateBadge({ state }: { state: CredentialView['state'] }) {
  const { tone, icon, word } = looks[state]
  return (
    <Badge tone={tone} icon={icon}>
      {word}
    </Badge>
  )
}

type Props = {
  caption: string
  rows: readonly CredentialView[]
  defaultCluster: string
  now: Date
  /** For active credentials: revokes one. */
  revoke?: FormAction
  /** A column to select rows by. */
  select?: Column<CredentialView>
}

/** Shown only where it distinguishes rows. */
const state: Column<CredentialView> = {
  key: 'state',
  header: 'Status',
  card: 'corner',
  cell: (row) => <CredentialStateBadge state={row.state} />,
}

/** Credentials with their scope and last use, and a way to revoke them. */
export function CredentialTable({ caption, rows, defaultCluster, now, revoke, select }: Props) {
  const columns: Column<CredentialView>[] = [
    ...(select ? [select] : []),
    {
      key: 'space',
      header: 'Space',
      primary: true,
      cell: (row) => (
        <>
          <Reach row={row} defaultCluster={defaultCluster} />
          <Marks {...row} />
        </>
      ),
    },
    ...(revoke ? [] : [state]),
    { key: 'made', header: 'Created', cell: (row) => <RelativeTime at={row.createdAt} /> },
    revoke
      ? {
          key: 'ends',
          header: 'Expires',
          cell: (row) => <Expiry row={row} defaultCluster={defaultCluster} now={now} />,
        }
      : { key: 'ended', header: 'Ended', cell: (row) => <RelativeTime at={row.revokedAt ?? row.endsAt} /> },
    {
      key: 'used',
      header: 'Last used',
      wraps: 'name',
      cell: (row) => <LastUse at={row.lastUsedAt} client={row.lastUsedClient} address={row.lastUsedAddress} />,
    },
  ]
  if (revoke)
    columns.push({
      key: 'revoke',
      header: 'Revoke',
      headerHidden: true,
      align: 'right',
      cell: (row) => <RevokeButton action={revoke} credential={row} />,
    })
  return <DataTable caption={caption} columns={columns} rows={rows} rowKey={(row) => row.id} facts />
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

/** When it expires; if that is soon, with a link to get the next one. */
function Expiry({ row, defaultCluster, now }: { row: CredentialView; defaultCluster: string; now: Date }) {
  const { endsAt, space } = row
  if (!endingOf({ kind: 'credential', ...row }, now)) return <AbsoluteTime at={endsAt} />
  const next = space ? spacePath(addressOf(space, defaultCluster), 'connect') : '#all-spaces'
  return (
    <>
      <EndingChip at={endsAt}>{timeInWords(endsAt, now)}</EndingChip>
      <span className="block whitespace-nowrap text-muted text-xs">{dayAndTime(endsAt)}</span>
      {!space?.deleted && (
        <Link href={next} prefetch={false} className="text-link whitespace-nowrap text-xs">
          Download a new one
        </Link>
      )}
    </>
  )
}
