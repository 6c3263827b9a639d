import { writeEventInTx } from '#lib/audit/write-in-tx.ts'
import { deleteEndedSessions } from '#lib/db/delete-ended-sessions.ts'
import { type PersonRecord, savePerson } from '#lib/db/save-person.ts'
import { isAppError } from '#lib/domain/errors.ts'
import { makeHandle } from '#lib/domain/handle.ts'
import { platformRoleOf } from '#lib/domain/role.ts'
import type { SignInError } from '#lib/domain/sign-in-error.ts'
import { type AuthServices, describeSession } from './auth-services.ts'
import { beginSession } from './begin-session.ts'
import { parseClaims } from './parse-claims.ts'
import { accountId } from './session-adapter.ts'
import { sessionIdleMs, sessionRemainsMs } from './session-rules.ts'
import { signInFlow } from './sign-in-flow.ts'

/**
 * Judges the provider's answer once it is proven (code, PKCE, state, nonce, signature, issuer, audience): makes the
 * person known, replaces their groups, begins their session in place of the one that the browser had, and tells the trail.
 * All of it stands, or nothing does.
 * @returns why they are not let in; null when they are
 */
export async function admitPerson(
  services: AuthServices,
  answer: { issuer: string; claims: unknown; sid: string | null; idToken: string | null },
): Promise<SignInError | null> {
  const { db, clock, randomBytes, settings } = services
  const flow = signInFlow()
  const verdict = parseClaims(answer.claims, settings.groupsClaim)
  if (!verdict.ok) return verdict.error
  const { subject, name, email, handleBase, groups, leftOut } = verdict.claims
  if (!(await services.limits.admit(answer.issuer, subject))) return 'rate_limited'
  const event = ({ id, handle, name, deactivatedAt }: PersonRecord) =>
    describeSession(services, flow.origin, {
      action: 'session.sign-in',
      actor: { kind: 'user', id, handle, name },
      ...(deactivatedAt
        ? { outcome: 'refused', reason: 'deactivated' }
        : { outcome: 'ok', detail: describeGroups(groups, leftOut) }),
    })
  await cleanUp(services)
  const session = await beginSession(services, answer)
  let person: PersonRecord
  try {
    person = await savePerson(
      db,
      {
        issuer: answer.issuer,
        subject,
        name,
        email,
        groups,
        leftOut,
        platformRole: platformRoleOf(groups, settings),
        at: clock(),
      },
      () => makeHandle(handleBase, Buffer.from(randomBytes(3)).toString('hex')),
      async (tx, saved) => {
        await writeEventInTx(tx, event(saved))
        if (!saved.deactivatedAt) await session.store(tx, saved.id)
      },
    )
  } catch (error) {
    if (isAppError(error, 'trail_unavailable')) return 'trail_unavailable'
    throw error
  }
  if (person.deactivatedAt) return 'deactivated'
  if (leftOut.length > 0)
    services.log.warn(
      { handle: person.handle, leftOut },
      'the identity provider sent groups whose names are none: left out',
    )
  flow.admitted = {
    accountId: accountId(answer.issuer, subject),
    userId: person.id,
    name: person.name,
    email: person.email,
    token: session.token,
    keptUntil: session.keptUntil,
  }
  return null
}

/** Whoever signs in removes some sessions of which nothing is needed any more. */
async function cleanUp({ db, clock }: AuthServices): Promise<void> {
  const expired = new Date(clock().getTime() - sessionRemainsMs)
  await deleteEndedSessions(db, { expired, lastSeen: new Date(expired.getTime() - sessionIdleMs) })
}

/** For the trail: some of them, cut, so that the whole has room in a row. */
const describeGroups = (groups: readonly string[], leftOut: readonly string[]) => ({
  groups: groups.slice(0, 50).map((group) => group.slice(0, 100)),
  groupCount: groups.length,
  ...(leftOut.length > 0 && { leftOut: leftOut.slice(0, 20), leftOutCount: leftOut.length }),
})
