import type { AuthServices } from '#lib/auth/auth-services.ts'
import type { SavedPerson } from '#lib/auth/db/save-person.ts'
import type { AuditEventInput } from '#lib/kernel/trail/audit-event.ts'
import { signInFlow } from './sign-in-flow.ts'

/**
 * @returns what the trail records when a sign-in changes how a person is found. Neither value of the claims is in it: a
 *   pseudonym couldn’t remove them
 */
export function identityEvents(
  { clock }: Pick<AuthServices, 'clock'>,
  { id, handle, name, identityChange }: SavedPerson,
): AuditEventInput[] {
  if (identityChange === null) return []
  const { claim, joined } = identityChange
  const shared = {
    ...signInFlow().origin,
    at: clock(),
    actor: { kind: 'user', id, handle, name },
    target: { kind: 'person', id, name: handle },
    destination: 'portal',
    outcome: 'ok',
  } as const
  return [
    ...(joined === undefined ? [] : [{ ...shared, action: 'person.join', detail: { joined } } as const]),
    ...(claim ? [{ ...shared, action: 'person.change-claim', detail: { claim } } as const] : []),
  ]
}
