import type { Metadata } from 'next'
import { readSavedFilters } from '#app/read-saved-filters.ts'
import { type SearchParams, searchText } from '#app/search-params.ts'
import { AllCredentials } from '#components/people/all-credentials.tsx'
import { toCredentialListData } from '#components/people/credential-list-data.ts'
import { NotForYou } from '#components/shell/not-for-you.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { listAllCredentials } from '#lib/features/credentials/use-cases/list-all-credentials.ts'
import { decidePermission } from '#lib/kernel/model/people/permission.ts'
import { pageContext } from '#lib/web/page/page-context.ts'
import { revokeCredentialsAction } from './actions.ts'
import { credentialParams, readCredentialQuery } from './read-credential-query.ts'

export const metadata: Metadata = { title: 'Credentials' }

type Props = { searchParams: Promise<SearchParams> }

/** Everyone's active credentials, for auditors and platform admins. */
export default async function AllCredentialsPage({ searchParams }: Props) {
  const [ctx, params] = await Promise.all([pageContext(), searchParams])
  const { platformRole } = ctx.actor
  if (decidePermission('list-all-credentials', { platformRole, standing: null }) !== 'allowed')
    return <NotForYou page="Credentials" isEligible={ctx.actor.isEligible} />
  const query = readCredentialQuery(params)
  const [credentials, kept] = await Promise.all([listAllCredentials(ctx, query), readSavedFilters(ctx, 'credentials')])
  const data = toCredentialListData(credentials, query)
  const mayRevoke = decidePermission('revoke-credentials', { platformRole, standing: null }) === 'allowed'
  return (
    <>
      <PageHeader
        title="Credentials"
        description="Kubeconfig credentials that have neither expired nor been revoked, newest first."
      />
      <AllCredentials
        given={{ names: credentialParams, search: searchText(params, credentialParams), data }}
        kept={kept}
        defaultCluster={ctx.clusters.defaultName}
        revoke={mayRevoke ? revokeCredentialsAction : null}
      />
    </>
  )
}
