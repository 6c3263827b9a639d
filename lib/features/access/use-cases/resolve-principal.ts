/**
 * Resolves the principal of a grant. Must never rely on what people choose for themselves: anyone can set a name or an
 * email address at the identity provider, even that of a person who hasn't signed in yet.
 */

import { type FoundUser, findUserByHandle } from '#lib/kernel/db/people/find-person.ts'
import { countGroup, type Group } from '#lib/kernel/db/people/group-members.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { isGroupName } from '#lib/kernel/model/people/group-name.ts'
import { mainProviderId } from '#lib/kernel/model/people/provider.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'

export type ResolvedPrincipal = { kind: 'user'; user: FoundUser } | ({ kind: 'group' } & Group)

const unknown = (field: string, sentence: string) =>
  new AppError('principal_unknown', { sentence, fields: { [field]: sentence } })

/**
 * Resolves a choice or typed text to a principal: `user:{handle}`, `group:{name}`, `group@{provider}:{name}`, or
 * without prefix the exact handle of a person or exact name of a group with a member. Groups belong to configured
 * providers, by default the main one.
 * @throws AppError principal_unknown
 */
export async function resolvePrincipal(
  ctx: BrokerContext,
  text: string,
  field = 'principal',
): Promise<ResolvedPrincipal> {
  const [, id = mainProviderId, rest] = /^group(?:@([a-z0-9-]{1,40}))?:(.*)$/s.exec(text) ?? []
  if (rest !== undefined) {
    const group = rest.trim()
    const issuer = ctx.providers.find((one) => one.id === id)?.issuer
    if (issuer === undefined) throw unknown(field, `There is no identity provider “${id}”.`)
    if (group === '') throw unknown(field, 'Enter the group’s name.')
    if (!isGroupName(group))
      throw unknown(
        field,
        'This can’t be a group’s name: it is longer than 1,024 characters or 2,600 bytes, or contains control characters.',
      )
    return { kind: 'group', group, issuer }
  }
  const typed = text.replace(/^user:/, '').trim()
  const user = isGroupName(typed) ? await findUserByHandle(ctx.db, typed) : null
  if (user) return { kind: 'user', user }
  const groups = text.startsWith('user:') || !isGroupName(typed) ? [] : await groupsNamed(ctx, typed)
  const [group] = groups
  if (groups.length > 1 || (group && group.issuer !== ctx.issuer))
    throw unknown(field, `“${typed}” is a group at another identity provider or at several. Choose one from the list.`)
  if (group) return { kind: 'group', ...group }
  throw unknown(
    field,
    `No one with the handle “${typed}” has signed in, and no group has that name. Enter an exact handle, like bob-1a2b3c.`,
  )
}

/** Groups with this name and a member, at most one per provider. */
async function groupsNamed(ctx: BrokerContext, group: string): Promise<Group[]> {
  const all = await Promise.all(
    ctx.issuers.map(async (issuer) => ({ group, issuer, people: await countGroup(ctx.db, { group, issuer }) })),
  )
  return all.filter(({ people }) => people > 0).map(({ issuer }) => ({ group, issuer }))
}

export async function resolveUser(ctx: BrokerContext, text: string, field: string): Promise<FoundUser> {
  const principal = await resolvePrincipal(ctx, text, field)
  if (principal.kind === 'group') throw unknown(field, 'Choose a person, not a group.')
  return principal.user
}
