import { type AuthServices, describeSession, recordSession } from '#lib/auth/auth-services.ts'
import { deleteEndedSessions } from '#lib/auth/db/ended-sessions.ts'
import type { NamedRole } from '#lib/auth/db/named-role.ts'
import { type SavedPerson, StrangerRefused, savePerson } from '#lib/auth/db/save-person.ts'
import { AccountConflict } from '#lib/auth/model/decide-account.ts'
import { parseClaims } from '#lib/auth/provider/parse-claims.ts'
import type { Identity } from '#lib/auth/provider/parse-identity.ts'
import type { ProviderTokens } from '#lib/auth/provider/provider-tokens.ts'
import { beginSession } from '#lib/auth/session/begin-session.ts'
import { accountId } from '#lib/auth/session/session-adapter.ts'
import { sessionRemainsMs } from '#lib/auth/session/session-rules.ts'
import type { RefusedPerson } from '#lib/kernel/db/people/end-refused-person.ts'
import { platformRoleOf } from '#lib/kernel/model/access/role.ts'
import { isAppError } from '#lib/kernel/model/errors.ts'
import { makeHandle } from '#lib/kernel/model/people/handle.ts'
import { sessionIdleSince } from '#lib/kernel/model/people/session-life.ts'
import type { SignInError } from '#lib/kernel/model/people/sign-in-error.ts'
import type { AuditEventInput } from '#lib/kernel/trail/audit-event.ts'
import { writeEventsInTx } from '#lib/kernel/trail/write-in-tx.ts'
import { admissionOf } from './admission-of.ts'
import { signInFlow } from './sign-in-flow.ts'

/**
 * Decides on the provider's answer after all checks (code, PKCE, state, nonce, signature, issuer, audience). Stores the
 * person and their groups, replaces the browser's old session and writes to the trail, all in one transaction.
 * @returns why they are refused; null if they are admitted
 */
export async function admitPerson(
  services: AuthServices,
  answer: {
    issuer: string
    claims: unknown
    /** null: the ID token doesn’t identify them */
    identity: Identity | null
    sid: string | null
    idToken: string | null
    tokens: ProviderTokens | null
    authenticatedAt: Date | null
  },
): Promise<SignInError | null> {
  const { db, clock, randomBytes, settings } = services
  const flow = signInFlow()
  const verdict = parseClaims(answer.claims, settings.groupsClaim)
  if (!verdict.ok) return verdict.error
  if (answer.identity === null) return 'subject_missing'
  const { subject, claim: subjectClaim, sub } = answer.identity
  const { name, email, emailUnverified, handleBase, groups, leftOut } = verdict.claims
  if (!(await services.limits.admit(answer.issuer, subject))) return 'rate_limited'
  const event = ({ id, handle, name, deactivatedAt, refused, named }: SavedPerson) =>
    describeSession(services, flow.origin, {
      action: 'session.sign-in',
      actor: { kind: 'user', id, handle, name },
      ...(deactivatedAt
        ? { outcome: 'refused', reason: 'deactivated' }
        : refused
          ? { outcome: 'refused', reason: refused.refusal, detail: describeRefused(refused) }
          : { outcome: 'ok', detail: { ...describeGroups(groups, leftOut), ...describeNamed(named) } }),
    })
  await cleanUp(services)
  const session = await beginSession(services, answer)
  let person: SavedPerson
  try {
    person = await savePerson(
      db,
      {
        issuer: answer.issuer,
        subject,
        subjectClaim,
        sub,
        name,
        email,
        emailUnverified,
        groups,
        leftOut,
        platformRoleOf: (counted) => platformRoleOf(counted, settings),
        listed: settings.pushedPrivilegedGroups,
        admission: admissionOf({ ...verdict.claims, subject }, settings),
        at: clock(),
      },
      () => makeHandle(handleBase, Buffer.from(randomBytes(3)).toString('hex')),
      async (tx, saved) => {
        await writeEventsInTx(tx, [...identityEvents(services, saved), event(saved)])
        if (!saved.deactivatedAt && !saved.refused) await session.store(tx, saved.id)
      },
    )
  } catch (error) {
    if (isAppError(error, 'trail_unavailable')) return 'trail_unavailable'
    if (error instanceof StrangerRefused) return error.refusal
    if (error instanceof AccountConflict) return refuseConflict(services, error)
    throw error
  }
  const refusal = person.deactivatedAt ? 'deactivated' : person.refused?.refusal
  if (refusal) {
    flow.isRecorded = true
    return refusal
  }
  if (person.named?.isReassigned)
    services.log.warn(
      { handle: person.handle },
      'the address of a named person already gave a platform role to another account: it gives this person none',
    )
  if (leftOut.length > 0)
    services.log.warn({ handle: person.handle, leftOut }, 'the identity provider sent invalid group names: skipped')
  flow.admitted = {
    accountId: accountId(answer.issuer, sub),
    userId: person.id,
    name: person.name,
    email: person.email,
    token: session.token,
    cookieEndsAt: session.cookieEndsAt,
  }
  return null
}

/** Only the trail names both accounts, for operators and admins. */
async function refuseConflict(services: AuthServices, { handles }: AccountConflict): Promise<SignInError> {
  const flow = signInFlow()
  const { origin } = flow
  services.log.warn({ requestId: origin.requestId }, 'several accounts match this sign-in')
  await recordSession(services, origin, {
    action: 'session.sign-in',
    actor: { kind: 'anonymous' },
    outcome: 'refused',
    reason: 'accounts_conflict',
    detail: { accounts: handles.slice(0, 10) },
  })
  flow.isRecorded = true
  return 'accounts_conflict'
}

/** Every sign-in removes some sessions that expired long ago. */
async function cleanUp({ db, clock }: AuthServices): Promise<void> {
  const expired = new Date(clock().getTime() - sessionRemainsMs)
  await deleteEndedSessions(db, { expired, lastSeen: sessionIdleSince(expired) })
}

/** For the trail: some of the names, shortened, so that they fit into one entry. */
const describeGroups = (groups: readonly string[], leftOut: readonly string[]) => ({
  groups: groups.slice(0, 50).map((group) => group.slice(0, 100)),
  groupCount: groups.length,
  ...(leftOut.length > 0 && { leftOut: leftOut.slice(0, 20), leftOutCount: leftOut.length }),
})

/** For the trail: what ended for a person refused by the operator's limits. */
export const describeRefused = ({ sessions, credentials }: RefusedPerson) => ({
  sessions,
  credentials: credentials.slice(0, 100),
  credentialCount: credentials.length,
})

const describeNamed = (named: NamedRole | undefined) => ({
  ...(named?.by && { namedRole: named.role, namedBy: named.by }),
  ...(named?.isReassigned && { addressReassigned: true }),
})

/**
 * @returns the trail entries for a changed identity. They contain neither claim value, since a pseudonym couldn’t
 *   remove it later
 */
function identityEvents(
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
