import { randomUUID } from 'node:crypto'
import { type HeldAccount, holdAccountOfSubject } from '#lib/features/scim/db/hold-scim-user.ts'
import { insertProvisionedAccount } from '#lib/features/scim/db/provisioned-account.ts'
import { isTokenMaker } from '#lib/features/scim/db/scim-tokens.ts'
import { findScimUser, insertScimUser } from '#lib/features/scim/db/scim-users.ts'
import type { StoredUser } from '#lib/features/scim/protocol/render.ts'
import { scimFailure } from '#lib/features/scim/protocol/scim-failure.ts'
import { emailOfUser, nameOfUser, subjectOf, type User } from '#lib/features/scim/protocol/user.ts'
import type { Tx } from '#lib/kernel/db/client.ts'
import { isPseudonym } from '#lib/kernel/db/people/subject-pseudonym.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { makeHandle } from '#lib/kernel/model/people/handle.ts'
import type { ProvisioningContext } from '#lib/kernel/use-case/context.ts'
import { deactivate } from './change-active.ts'
import { changeProvisioned } from './provision.ts'

const attempts = 5

/**
 * Provisions a person, who may have signed in before. Their platform role and other access don't change. Only an admin
 * can reactivate a deactivated person, even one whom provisioning deleted (docs/adr/0023-provisioning-by-scim.md).
 * @throws AppError scim_value, scim_taken (also if a person known by another claim has that value), scim_shut_out,
 *   scim_mutability
 */
export const createUser = changeProvisioned({
  action: 'provisioning.user-create',
  about: (user: User) => ({ target: { kind: 'person' }, detail: { userName: user.userName } }),
  async write({ ctx, tx, input: user, about }): Promise<StoredUser> {
    const subject = subjectOf(user, ctx.settings.subject)
    const account = await ensureAccount(ctx, tx, user, subject)
    about({ target: { kind: 'person', id: account.userId, name: account.handle } })
    // The trail must not link a pseudonym to a real name either.
    const isForgotten = account.deactivated && isPseudonym(account.subject)
    if (isForgotten) about({ detail: { userName: account.handle } })
    if (isForgotten || (account.deactivated && user.active !== false)) throw new AppError('scim_shut_out')
    if (!namesThemselves(user, account) && (await isTokenMaker(tx, ctx.provisioner.tokenId, account.userId)))
      throw scimFailure(
        'scim_mutability',
        'A token can create the people who created it only if the userName is their own email address, or the part before its @.',
      )
    const id = randomUUID()
    if (!(await insertScimUser(tx, user, { id, userId: account.userId, at: ctx.clock() })))
      throw scimFailure('scim_taken', 'Another user has this userName or externalId.')
    if (user.active === false) await deactivate(ctx, tx, account, 'Provisioned as inactive')
    return read(tx, id)
  },
})

/**
 * The provider matches people by their userName. With another person's userName, a token's maker would get what another
 * token gives that person.
 */
function namesThemselves({ userName }: User, { email }: HeldAccount): boolean {
  const [name, own] = [userName.toLowerCase(), email.toLowerCase()]
  return own !== '' && (name === own || name === own.slice(0, own.lastIndexOf('@')))
}

/** Retries, since the same subject may sign in concurrently. */
async function ensureAccount(ctx: ProvisioningContext, tx: Tx, user: User, subject: string): Promise<HeldAccount> {
  const { issuer } = ctx
  const { subjectClaim } = ctx.settings
  const name = nameOfUser(user)
  for (let attempt = 0; attempt < attempts; attempt++) {
    const known = await holdAccountOfSubject(tx, [issuer, `${issuer}/`], subject)
    if (known && known.subjectClaim !== subjectClaim) throw ofAnotherClaim(subjectClaim)
    if (known) return known
    const handle = makeHandle(user.userName, Buffer.from(ctx.randomBytes(3)).toString('hex'))
    const email = emailOfUser(user)
    await insertProvisionedAccount(tx, { issuer, subject, subjectClaim, handle, name, email, at: ctx.clock() })
  }
  throw new Error('no free handle found')
}

/** Equal values of two claims can identify two people. */
const ofAnotherClaim = (claim: string) =>
  scimFailure('scim_taken', `A person identified by a claim other than ${claim} has this value (OIDC_SUBJECT_CLAIM).`)

async function read(tx: Tx, id: string): Promise<StoredUser> {
  const user = await findScimUser(tx, id)
  if (!user) throw new Error('the user just written is gone')
  return user
}
