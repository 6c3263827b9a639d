import { isDeepStrictEqual } from 'node:util'
import { holdScimUser } from '#lib/features/scim/db/hold-scim-user.ts'
import { renameProvisionedAccount } from '#lib/features/scim/db/provisioned-account.ts'
import { isTokenMaker } from '#lib/features/scim/db/scim-tokens.ts'
import { findScimUser, updateScimUser } from '#lib/features/scim/db/scim-users.ts'
import { applyUserPatch } from '#lib/features/scim/protocol/apply-user-patch.ts'
import type { Operation } from '#lib/features/scim/protocol/parse-patch.ts'
import type { StoredUser } from '#lib/features/scim/protocol/render.ts'
import { scimFailure } from '#lib/features/scim/protocol/scim-failure.ts'
import {
  allUserAttributes,
  dataOfUser,
  emailOfUser,
  nameOfUser,
  type User,
  userOf,
} from '#lib/features/scim/protocol/user.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import type { ProvisioningSettings } from '#lib/kernel/use-case/context.ts'
import { assertVersion } from './assert-version.ts'
import { deactivate, reactivate } from './change-active.ts'
import { changeProvisioned } from './provision.ts'

type Input = { id: string; ifMatch: string | null; change: { replaceBy: User } | { patch: readonly Operation[] } }

/**
 * Replaces or patches a provisioned person, all or nothing. Their subject never changes: a provider could otherwise
 * transfer one person's access to another. Their name and address change only until their first sign-in.
 * @throws AppError not_found, scim_version, scim_mutability, scim_taken, scim_shut_out, and the errors of a patch
 */
export const changeUser = changeProvisioned({
  action: 'provisioning.user-change',
  endsAccess: true,
  about: ({ id }: Input) => ({ target: { kind: 'person' }, detail: { scimId: id } }),
  async write({ ctx, tx, input: { id, ifMatch, change }, about, undo }): Promise<StoredUser> {
    const held = await holdScimUser(tx, id)
    if (!held) throw new AppError('not_found')
    const { account, user: before } = held
    about({ target: { kind: 'person', id: account.userId, name: account.handle } })
    assertVersion(before, ifMatch)
    const known = userFrom(before)
    const user = 'patch' in change ? patched(known, change.patch, ctx.settings) : change.replaceBy
    assertSamePerson(known, user, ctx.settings)
    if (isMatchedOtherwise(known, user) && (await isTokenMaker(tx, ctx.provisioner.tokenId, account.userId)))
      throw scimFailure('scim_mutability', 'A token can’t change how the people who created it are matched.')
    const { active = before.active, ...userAfter } = user
    const { active: _, ...userBefore } = known
    const isSame = isDeepStrictEqual(userAfter, userBefore)
    if (isSame && active === before.active) return undo(before)
    about({ detail: { ...(active !== before.active && { active }), changed: changedNames(userBefore, userAfter) } })
    if (!isSame) {
      await updateScimUser(tx, id, user, ctx.clock())
      if (account.neverSignedIn)
        await renameProvisionedAccount(tx, account.userId, { name: nameOfUser(user), email: emailOfUser(user) })
    }
    if (active) await reactivate(ctx, tx, account)
    else await deactivate(ctx, tx, account, 'The identity provider deactivated the account')
    const after = await findScimUser(tx, id)
    if (!after) throw new AppError('not_found')
    return after
  },
})

const userFrom = ({ userName, externalId, displayName, active, attributes }: StoredUser): User => ({
  userName,
  externalId: externalId ?? undefined,
  displayName: displayName ?? undefined,
  active,
  attributes,
})

const patched = (user: User, operations: readonly Operation[], { subject }: ProvisioningSettings): User =>
  userOf(applyUserPatch(dataOfUser(user), operations, allUserAttributes(subject)))

function assertSamePerson(before: User, after: User, { subject }: ProvisioningSettings): void {
  if (before[subject] === after[subject]) return
  throw scimFailure(
    'scim_mutability',
    `${subject} identifies the person at sign-in and can’t change. Delete the user and create a new one.`,
  )
}

/**
 * The provider matches people by these. With another person's values, a token's maker would get what another token
 * gives that person.
 */
const isMatchedOtherwise = (before: User, after: User): boolean =>
  before.userName !== after.userName || before.externalId !== after.externalId

/** For the trail, which doesn't record values. */
const changedNames = (before: Omit<User, 'active'>, after: Omit<User, 'active'>): string[] => {
  const [a, b] = [before, after].map(({ attributes, ...rest }) => ({ ...attributes, ...rest }))
  const names = new Set([...Object.keys(a ?? {}), ...Object.keys(b ?? {})])
  const of = (user: object | undefined, name: string): unknown =>
    user && Object.hasOwn(user, name) ? Object.entries(user).find(([key]) => key === name)?.[1] : undefined
  return [...names].filter((name) => !isDeepStrictEqual(of(a, name), of(b, name)))
}
