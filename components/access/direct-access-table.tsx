import { EmptyState } from '#components/ui/empty-state.tsx'
import { DataTable } from '#components/ui/list/data-table.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import type { DirectAccess, DirectAccessList, SeenCredential } from '#lib/kernel/model/audit/cluster-audit.ts'

const credentials: Readonly<Record<SeenCredential, string>> = {
  certificate: 'Client certificate',
  token: 'Token',
  pod: 'Token of a pod',
  other: 'Another credential',
}

/** Enough of a certificate's hash to identify it; the download has all of it. */
const shownLength = 27

/** Direct access to a space from the cluster's audit log, or why there is none. */
export function DirectAccessTable({ found: { receivedAt, rows, more } }: { found: DirectAccessList }) {
  if (rows.length === 0)
    return receivedAt ? (
      <EmptyState icon="activity" title="No direct access" heading="h4">
        <p>
          None in the past 90 days. The cluster’s audit log last arrived <RelativeTime at={receivedAt} />.
        </p>
      </EmptyState>
    ) : (
      <EmptyState icon="activity" title="The cluster’s audit log isn’t connected" heading="h4">
        <p>
          Direct access with client certificates and tokens can’t be detected. The operator of Spaceport can connect the
          audit log with <code className="font-mono">bin/spaceport audit-webhook</code>.
        </p>
      </EmptyState>
    )
  return (
    <>
      <DataTable
        caption="Direct access"
        rows={rows}
        rowKey={({ user, credential, credentialId }) => `${user} ${credential} ${credentialId}`}
        columns={[
          {
            key: 'user',
            header: 'User on the cluster',
            primary: true,
            cell: ({ user }) => <span className="wrap-anywhere font-mono">{user}</span>,
          },
          {
            key: 'credential',
            header: 'By',
            wraps: 'text',
            cell: (directAccess) => <Credential directAccess={directAccess} />,
          },
          {
            key: 'last',
            header: 'Last seen',
            wraps: 'name',
            cell: ({ lastSeenAt, lastAddress }) => (
              <>
                <RelativeTime at={lastSeenAt} />
                {lastAddress !== '' && <span className="block text-muted text-xs">from {lastAddress}</span>}
              </>
            ),
          },
          {
            key: 'request',
            header: 'Last request',
            wraps: 'text',
            cell: ({ lastRequest }) => <span className="wrap-anywhere font-mono">{lastRequest}</span>,
          },
          {
            key: 'first',
            header: 'First seen',
            folds: 'first',
            cell: ({ firstSeenAt }) => <RelativeTime at={firstSeenAt} />,
          },
        ]}
      />
      <p className="mt-3 text-muted text-sm">
        {more && 'Not all direct access is shown. The download has all of it. '}
        {receivedAt && (
          <>
            The cluster’s audit log last arrived <RelativeTime at={receivedAt} />.
          </>
        )}
      </p>
    </>
  )
}

function Credential({ directAccess: { credential, credentialId } }: { directAccess: DirectAccess }) {
  return (
    <>
      {credentials[credential]}
      {credentialId !== '' && (
        <span title={credentialId} className="wrap-anywhere block font-mono text-muted text-xs">
          {credentialId.length > shownLength ? `${credentialId.slice(0, shownLength)}…` : credentialId}
        </span>
      )}
    </>
  )
}
