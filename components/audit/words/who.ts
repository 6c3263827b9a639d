import type { AuditRow } from '#lib/features/audit/model/audit-view.ts'
import type { SentencePart } from './sentence-part.ts'

/** @returns the actor in a word or two */
export function actorName({ kind, name, handle }: AuditRow['actor']): string {
  if (kind === 'anonymous') return 'Someone who isn’t signed in'
  if (kind === 'system') return 'Spaceport'
  if (kind === 'scim') return `Provisioning${name ? ` (${name})` : ''}`
  return name ?? handle ?? 'Someone unknown'
}

/** @returns the actor as the start of a sentence; a person links to their page */
export const who = (actor: AuditRow['actor']): SentencePart => ({
  is: 'person',
  name: actorName(actor),
  handle: actor.kind === 'user' ? actor.handle : null,
})
