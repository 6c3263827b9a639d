import type { Column } from '#components/ui/data-table.tsx'
import { RelativeTime } from '#components/ui/relative-time.tsx'
import type { CredentialListed } from '#lib/domain/person-view.ts'
import { SpaceLink } from './space-link.tsx'

/** Of somebody's credential, as the server has it or as JSON. */
export type CredentialShown = Omit<CredentialListed, 'createdAt' | 'endsAt' | 'lastUsedAt'> & {
  createdAt: Date | string
  endsAt: Date | string
  lastUsedAt: Date | string | null
}

/** What a credential is for, its age, its end and its last use. */
export const credentialColumns = (defaultCluster: string): readonly Column<CredentialShown>[] => [
  {
    key: 'space',
    header: 'For',
    primary: true,
    cell: ({ space }) =>
      space ? <SpaceLink space={space} defaultCluster={defaultCluster} linked={false} /> : 'All their spaces',
  },
  { key: 'created', header: 'Created', cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
  { key: 'expires', header: 'Expires', cell: ({ endsAt }) => <RelativeTime at={endsAt} /> },
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
]
