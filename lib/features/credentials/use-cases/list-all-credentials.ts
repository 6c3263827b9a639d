import { maxRevoked } from '#lib/features/credentials/model/max-revoked.ts'
import { countCredentials, selectAllCredentials } from '#lib/kernel/db/credentials/select-all-credentials.ts'
import { viewPlatform } from '#lib/kernel/define/view-platform.ts'
import { credentialQuery } from '#lib/kernel/model/people/credential-query.ts'
import type { CredentialPage } from '#lib/kernel/model/people/person-view.ts'

const pageSize = 50

/** @returns a page of all active credentials, newest first, for auditors and platform admins */
export const listAllCredentials = viewPlatform({
  permission: 'list-all-credentials',
  input: credentialQuery,
  async read({ ctx, input: query }): Promise<CredentialPage> {
    const at = ctx.clock()
    const [found, total] = await Promise.all([
      selectAllCredentials(ctx.pool, query, { at, limit: pageSize + 1 }),
      countCredentials(ctx.pool, query, { at, bound: maxRevoked + 1 }),
    ])
    const rows = found.slice(0, pageSize)
    return { rows, total, next: found.length > pageSize ? (rows.at(-1)?.id ?? null) : null }
  },
})
