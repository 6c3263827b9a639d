/**
 * Resolves who gets a right. Must never rely on what people choose for themselves: anyone can set a name or an e-mail
 * address at the identity provider, perhaps that of a person who has not signed in yet.
 */

import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import { type FoundUser, findUserByHandle } from '#lib/db/find-user.ts'
import { countGroup, type Group } from '#lib/db/group-members.ts'
import { AppError } from '#lib/domain/errors.ts'
import { isGroupName } from '#lib/domain/group-name.ts'

export type ResolvedPrincipal = { kind: 'user'; user: FoundUser } | ({ kind: 'group' } & Group)

const unknown = (field: string, sentence: string) =>
  new AppError('principal_unknown', { sentence, fields: { [field]: sentence } })

/**
 * Turns what was chosen or typed into a principal: `user:{handle}`, `group:{name}`, or else a person's handle or the
 * name of a group with a member, each matched exactly. Groups are the configured provider's: another's get no role.
 * @throws AppError principal_unknown
 */
export async function resolvePrincipal(
  ctx: BrokerContext,
  text: string,
  field = 'principal',
): Promise<ResolvedPrincipal> {
  if (text.startsWith('group:')) {
    const group = text.slice('group:'.length).trim()
    if (group === '') throw unknown(field, 'Enter the group’s name.')
    if (!isGroupName(group))
      throw unknown(
        field,
        'This can’t be a group’s name: it is longer than 1,024 characters or 2,600 bytes, or contains control characters.',
      )
    return { kind: 'group', group, issuer: ctx.issuer }
  }
  const typed = text.replace(/^user:/, '').trim()
  const user = isGroupName(typed) ? await findUserByHandle(ctx.db, typed) : null
  if (user) return { kind: 'user', user }
  const named = { group: typed, issuer: ctx.issuer }
  if (!text.startsWith('user:') && isGroupName(typed) && (await countGroup(ctx.db, named)) > 0)
    return { kind: 'group', ...named }
  throw unknown(
    field,
    `Nobody has signed in with the handle “${typed}”, and no group has that name. Enter an exact handle, like bob-1a2b3c.`,
  )
}

/** Like resolvePrincipal, for people only. */
export async function resolveUser(ctx: BrokerContext, text: string, field: string): Promise<FoundUser> {
  const principal = await resolvePrincipal(ctx, text, field)
  if (principal.kind === 'group') throw unknown(field, 'Choose a person, not a group.')
  return principal.user
}
