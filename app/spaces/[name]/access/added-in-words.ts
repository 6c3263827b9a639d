import type { ResolvedPrincipal } from '#lib/features/access/use-cases/resolve-principal.ts'
import type { AppError } from '#lib/kernel/model/errors.ts'
import type { InTurn } from '#lib/web/action/run-in-turn.ts'

/** @returns a person with their handle, to distinguish namesakes */
export const named = ({ name, handle }: { name: string; handle: string }) => `${name} (${handle})`

/** The success message. */
export function addedInWords(added: readonly ResolvedPrincipal[]): string {
  const [who] = added
  if (added.length !== 1 || !who) return `Added ${added.length} members. They can use the space now.`
  return who.kind === 'user'
    ? `Added ${named(who.user)}. They can use the space now.`
    : `Added the group ${who.group}. Its members can use the space now.`
}

/** @returns whether an error of adding one person or group says nothing about the others */
export const isAboutOne = ({ code, fields }: AppError): boolean =>
  'principal' in fields || code === 'grant_exists' || code === 'grant_owner' || code === 'self_escalation'

/**
 * The message if not everyone was added.
 * @param why the rest wasn’t tried; null: all were
 */
export function partlyAddedInWords(
  { done, refused, stop }: InTurn<{ principal: string }, ResolvedPrincipal>,
  total: number,
  why: string | null,
): string {
  const rest = total - done.length - refused.length - 1
  const reasons = Map.groupBy(refused, ({ error }) => error.sentence)
  return [
    done.length === 0 ? 'No one was added.' : `Added ${done.length} of ${total}.`,
    ...[...reasons].map(([reason, all]) => `${all.map(({ one }) => nameOf(one.principal)).join(', ')}: ${reason}`),
    ...(stop
      ? [`${nameOf(stop.one.principal)} ${rest > 0 ? `and ${rest} more weren’t` : 'wasn’t'} added: ${why}`]
      : []),
  ].join(' ')
}

/** @returns a person or group as the form names them, without prefixes */
const nameOf = (principal: string): string =>
  principal
    .replace(/^user:/, '')
    .replace(/^group:/, 'group ')
    .replace(/^group@([a-z0-9-]{1,40}):(.*)$/s, 'group $2 of $1')
