import { storyColumn } from '#components/audit/event/story-column.tsx'
import { Marks } from '#components/credentials/credential-marks.tsx'
import { LastUse } from '#components/credentials/last-use.tsx'
import type { Column } from '#components/ui/list/data-table.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import type { CredentialListed } from '#lib/kernel/model/people/person-view.ts'
import { SpaceLink } from './space-link.tsx'

/** A credential with times as dates, or as text from JSON. */
export type CredentialShown = Omit<CredentialListed, 'createdAt' | 'endsAt' | 'lastUsedAt'> & {
  createdAt: Date | string
  endsAt: Date | string
  lastUsedAt: Date | string | null
}

/** A credential’s purpose, age, expiry and last use. */
export const credentialColumns = (defaultCluster: string): readonly Column<CredentialShown>[] => [
  {
    key: 'space',
    header: 'For',
    primary: true,
    cell: ({ space, name, tokenStart }) => (
      <>
        {space ? <SpaceLink space={space} defaultCluster={defaultCluster} linked={false} /> : 'All their spaces'}
        <Marks name={name} tokenStart={tokenStart} />
      </>
    ),
  },
  { key: 'created', header: 'Created', cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
  { key: 'expires', header: 'Expires', cell: ({ endsAt }) => <RelativeTime at={endsAt} /> },
  {
    key: 'used',
    header: 'Last used',
    wraps: 'name',
    cell: ({ lastUsedAt, lastUsedClient, lastUsedAddress }) => (
      <LastUse at={lastUsedAt} client={lastUsedClient} address={lastUsedAddress} />
    ),
  },
  storyColumn(({ space }) => `the kubeconfig for ${space?.name ?? 'all their spaces'}`),
]
