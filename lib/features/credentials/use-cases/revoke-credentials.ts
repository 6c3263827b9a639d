import { z } from 'zod'
import { maxRevoked } from '#lib/features/credentials/model/max-revoked.ts'
import { changePlatform } from '#lib/kernel/define/change-platform.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { credentialQuery } from '#lib/kernel/model/people/credential-query.ts'
import { actReason } from '#lib/kernel/use-case/fields.ts'
import { revokeAll } from '#lib/kernel/use-case/revoke-all.ts'

const ids = z.array(z.uuid()).min(1, 'Select at least one.').max(200)

export const revokeCredentialsInput = credentialQuery
  .omit({ after: true })
  .extend({ /** Those that were selected one by one. */ ids: ids.optional(), reason: actReason })

/**
 * Revokes any person's credentials, by platform role: the named ones, or all that a query selects, never all without a
 * filter.
 * @returns how many; at most 5,000 at once
 * @throws AppError bad_input without names or a filter
 */
export const revokeCredentials = changePlatform({
  permission: 'revoke-credentials',
  action: 'credential.revoke',
  endsAccess: true,
  input: revokeCredentialsInput,
  about: ({ ids: named, ...by }) => ({
    target: { kind: 'credential' },
    detail: { ...by, ...(named && { selected: named.length }) },
  }),
  prepare({ ctx, input: { ids: named, reason, ...query }, about }) {
    const chosen = Object.values(query).some((value) => value !== undefined && value !== '')
    if (!named && !chosen) throw new AppError('bad_input', { sentence: 'Choose credentials: filter or select some.' })
    return {
      async write({ tx, undo }) {
        const which = named ? { ids: named } : { query }
        const count = await revokeAll(ctx, tx, which, { limit: maxRevoked, detail: { reason } })
        if (count === 0) undo()
        about({ detail: { count } })
        return count
      },
      already: 0,
    }
  },
})

export const revokeOwnCredentialsInput = z.strictObject({ ids })

/**
 * Revokes several of one's own credentials; others’ are not found.
 * @returns how many
 */
export const revokeOwnCredentials = changePlatform({
  permission: 'revoke-own-credentials',
  action: 'credential.revoke',
  endsAccess: true,
  input: revokeOwnCredentialsInput,
  about: ({ ids: named }) => ({ target: { kind: 'credential' }, detail: { selected: named.length } }),
  prepare({ ctx, input: { ids: named }, about }) {
    return {
      async write({ tx, undo }) {
        const own = { ids: named, of: ctx.actor.userId }
        const count = await revokeAll(ctx, tx, own, { limit: maxRevoked, detail: {} })
        if (count === 0) undo()
        about({ detail: { count } })
        return count
      },
      already: 0,
    }
  },
})
