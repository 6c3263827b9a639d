import { credentialRowsQuery } from '#app/admin/credentials/read-credential-query.ts'
import { toCredentialListData } from '#components/people/credential-list-data.ts'
import { listAllCredentials } from '#lib/features/credentials/use-cases/list-all-credentials.ts'
import { rowsRoute } from '#lib/web/page/rows-route.ts'

export const GET = rowsRoute({
  name: 'credential rows',
  input: credentialRowsQuery,
  useCase: listAllCredentials,
  show: toCredentialListData,
})

export const dynamic = 'force-dynamic'
