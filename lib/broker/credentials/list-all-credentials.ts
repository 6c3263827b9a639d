import { viewPlatform } from '#lib/broker/define/view-platform.ts'
import { countCredentials, selectAllCredentials } from '#lib/db/select-all-credentials.ts'
import { credentialQuery } from '#lib/domain/credential-query.ts'
import { maxRevoked } from '#lib/domain/max-revoked.ts'
import type { CredentialPage } from '#lib/domain/person-view.ts'

const pageSize = 50

/** @returns a page of everybody's active credentials, newest first, for auditors and platform admins */
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
