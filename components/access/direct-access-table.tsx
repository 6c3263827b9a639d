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

/** Enough of a certificate’s hash to find it; the download has all of it. */
const shownLength = 27

/** Whom the cluster’s own audit has seen in a space past the gateway, or why nobody can have been seen. */
export function DirectAccessTable({ found: { receivedAt, rows, more } }: { found: DirectAccessList }) {
  if (rows.length === 0)
    return receivedAt ? (
      <EmptyState icon="activity" title="Nobody seen" heading="h4">
        <p>
          In 90 days, the cluster’s audit has shown nobody here but Spaceport, people through the gateway, and
          controllers. It last came in <RelativeTime at={receivedAt} />.
        </p>
      </EmptyState>
    ) : (
      <EmptyState icon="activity" title="The cluster’s audit isn’t connected" heading="h4">
        <p>
          Client certificates and tokens that are used past the gateway can’t be seen. The operator of Spaceport
          connects it with <code className="font-mono">bin/spaceport audit-webhook</code>.
        </p>
      </EmptyState>
    )
  return (
    <>
      <DataTable
        caption="Seen in the cluster’s audit"
        rows={rows}
        rowKey={({ user, credential, credentialId }) => `${user} ${credential} ${credentialId}`}
        columns={[
          {
            key: 'user',
            header: 'User on the cluster',
            primary: true,
            cell: ({ user }) => <span className="wrap-anywhere font-mono">{user}</span>,
          },
          { key: 'credential', header: 'By', cell: (directAccess) => <Credential directAccess={directAccess} /> },
          {
            key: 'last',
            header: 'Last seen',
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
            cell: ({ lastRequest }) => <span className="wrap-anywhere font-mono">{lastRequest}</span>,
          },
          { key: 'first', header: 'First seen', cell: ({ firstSeenAt }) => <RelativeTime at={firstSeenAt} /> },
        ]}
      />
      <p className="mt-3 text-muted text-sm">
        {more && 'More were seen than are shown; the download has all. '}
        {receivedAt && (
          <>
            The cluster’s audit last came in <RelativeTime at={receivedAt} />.
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
