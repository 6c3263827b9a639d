import { countGroup, type FoundUser, findUsersExactly } from '../db/find-principal.ts'
import { AppError } from '../domain/errors.ts'
import type { BrokerContext } from './context.ts'

export type ResolvedPrincipal = { kind: 'user'; user: FoundUser } | { kind: 'group'; group: string }

const marked = (field: string, code: 'principal_unknown' | 'principal_ambiguous', sentence?: string) =>
  new AppError(code, { ...(sentence && { sentence, fields: { [field]: sentence } }) })

/**
 * Turns what was chosen or typed into a principal: `user:{handle}`, `group:{name}`, or free text that fits one active
 * person (handle, e-mail, name) or one group that somebody is in.
 * @throws AppError principal_unknown, principal_ambiguous
 */
export async function resolvePrincipal(
  ctx: BrokerContext,
  text: string,
  field = 'principal',
): Promise<ResolvedPrincipal> {
  if (text.startsWith('group:')) {
    const group = text.slice('group:'.length).trim()
    if (group === '') throw marked(field, 'principal_unknown', 'Name the group.')
    return { kind: 'group', group }
  }
  const typed = text.startsWith('user:') ? text.slice('user:'.length) : text.trim()
  const [first, second] = await findUsersExactly(ctx.db, typed)
  if (first && (!second || first.handle === typed)) return { kind: 'user', user: first }
  if (first) throw marked(field, 'principal_ambiguous')
  if (!text.startsWith('user:') && (await countGroup(ctx.db, typed)) > 0) return { kind: 'group', group: typed }
  throw marked(
    field,
    'principal_unknown',
    `Nobody called “${typed}” has signed in yet. Check the spelling, or ask them to sign in once.`,
  )
}

/** As resolvePrincipal, for people only. */
export async function resolveUser(ctx: BrokerContext, text: string, field: string): Promise<FoundUser> {
  const principal = await resolvePrincipal(ctx, text, field)
  if (principal.kind === 'group') throw marked(field, 'principal_unknown', 'Choose a person, not a group.')
  return principal.user
}
