import { z } from 'zod'
import { selectReachableSpaces } from '#lib/features/credentials/db/select-reachable-spaces.ts'
import { changePlatform } from '#lib/kernel/define/change-platform.ts'
import { changeSpace } from '#lib/kernel/define/change-space.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { spaceKey } from '#lib/kernel/use-case/authorize.ts'
import { label } from '#lib/kernel/use-case/fields.ts'
import { issueCredential, takeAllowance } from './issue-credential.ts'

const hours = z.number().optional()
const name = label.optional()

export const createCredentialInput = z.strictObject({ space: spaceKey, hours, name })

/**
 * Creates a credential bound to a space, and its kubeconfig.
 * @throws AppError not_found, forbidden, lifetime_too_long, space_deleting, rate_limited
 */
export const createCredential = changeSpace({
  permission: 'create-credential',
  action: 'credential.create',
  input: createCredentialInput,
  living: true,
  reconcile: 'none',
  before: takeAllowance,
  prepare: ({ ctx, space, input, about }) => issueCredential(ctx, about, { bound: space, spaces: [space] }, input),
})

export const createCredentialForAllInput = z.strictObject({ hours, name })

/**
 * Creates a credential for all of the person's spaces, and its kubeconfig.
 * @throws AppError not_found when they have none; lifetime_too_long, rate_limited
 */
export const createCredentialForAll = changePlatform({
  permission: 'create-credential-for-all',
  action: 'credential.create',
  input: createCredentialForAllInput,
  about: () => ({ target: { kind: 'credential' } }),
  before: takeAllowance,
  async prepare({ ctx, input, about }) {
    const spaces = await selectReachableSpaces(ctx.db, ctx.actor.userId, ctx.clock())
    if (spaces.length === 0)
      throw new AppError('not_found', { sentence: 'You don’t have any spaces yet. Create one first.' })
    return issueCredential(ctx, about, { bound: null, spaces }, input)
  },
})
