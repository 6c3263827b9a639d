/**
 * While a session is used, the provider is regularly asked about its person again. If it no longer confirms the person,
 * or the operator's limits now refuse them, they are signed out; rights from groups that they left end at once. An
 * unreachable provider ends no session.
 */
import { type AuthServices, describeSession, type RequestOrigin } from '#lib/auth/auth-services.ts'
import { noteProviderAnswer } from '#lib/auth/db/contact.ts'
import { endRefusedSession } from '#lib/auth/db/ended-sessions.ts'
import { claimRecheck, type DueSession, postponeRecheck } from '#lib/auth/db/recheck.ts'
import { type ClaimsChange, saveClaims } from '#lib/auth/db/save-claims.ts'
import { updateProviderTokens } from '#lib/auth/db/sessions.ts'
import { servicesOfIssuer } from '#lib/auth/provider/choose-provider.ts'
import { parseClaims } from '#lib/auth/provider/parse-claims.ts'
import { encryptTokens, openTokens, type ProviderTokens } from '#lib/auth/provider/provider-tokens.ts'
import { admissionOf } from '#lib/auth/sign-in/admission-of.ts'
import { describeRefused } from '#lib/auth/sign-in/admit-person.ts'
import { type Again, askAgain, refusalByProvider } from '#lib/auth/sign-in/ask-again.ts'
import { inTransaction } from '#lib/kernel/db/in-transaction.ts'
import { platformRoleOf } from '#lib/kernel/model/access/role.ts'
import type { SignInError } from '#lib/kernel/model/people/sign-in-error.ts'
import { writeEventInTx } from '#lib/kernel/trail/write-in-tx.ts'
import { processValue } from '#lib/observability/process-value.ts'
import { openWithEither } from './session-secrets.ts'

/** How soon an unanswered check is repeated. */
const retryMs = 60_000
/** How many checks at one provider a process runs at once, so that a slow provider delays only its own people. */
const maxAtOnce = 20
const running = () => processValue('rechecks', () => new Map<string, number>())
/** The most group names in one trail entry. */
const maxGroupNames = 50

/** `unknown`: the provider was not asked, or didn't answer. */
export type RecheckResult = 'confirmed' | 'changed' | 'ended' | 'unknown'

/**
 * @returns the result for the session; `unknown` also if another process is checking, or this one has too many checks
 *   open: the session's next request tries again
 */
export async function recheckSession(
  services: AuthServices,
  origin: RequestOrigin,
  { id, issuer }: { id: string; issuer: string },
): Promise<RecheckResult> {
  const questions = running()
  const open = questions.get(issuer) ?? 0
  if (open >= maxAtOnce) return 'unknown'
  questions.set(issuer, open + 1)
  try {
    return await recheck(services, origin, id)
  } finally {
    questions.set(issuer, (questions.get(issuer) ?? 1) - 1)
  }
}

async function recheck(services: AuthServices, origin: RequestOrigin, sessionId: string): Promise<RecheckResult> {
  const { db, clock, settings, log } = services
  const at = clock()
  const before = new Date(at.getTime() - settings.recheckMs)
  const due = await claimRecheck(db, sessionId, { at, before })
  if (!due) return 'unknown'
  try {
    return await conclude(services, origin, { sessionId, due, askedAt: at })
  } catch (error) {
    log.warn({ error, requestId: origin.requestId }, 'could not check a session at the identity provider')
    await postponeRecheck(db, sessionId, new Date(before.getTime() + retryMs))
    return 'unknown'
  }
}

/** @throws Error if the provider doesn't answer, or its claims can't be stored */
async function conclude(
  services: AuthServices,
  origin: RequestOrigin,
  { sessionId, due, askedAt }: Omit<Answered, 'again'>,
): Promise<RecheckResult> {
  const own = servicesOfIssuer(services, due.user.issuer)
  if (!own) return 'unknown'
  const { settings } = own
  let again: Again | null
  try {
    const { providerTokens, tokenHash } = due
    const tokens = await openWithEither(settings, (secret) => openTokens(providerTokens, { secret, tokenHash }))
    again = tokens && (await ask(own, sessionId, due, tokens))
  } catch (error) {
    const reason = refusalByProvider(error)
    if (reason === null) throw error
    return end(services, origin, { sessionId, due, reason })
  }
  return again ? apply(own, origin, { sessionId, due, again, askedAt }) : 'unknown'
}

async function ask(
  { db, provider, settings, clock }: AuthServices,
  sessionId: string,
  { user, tokenHash }: DueSession,
  tokens: ProviderTokens,
): Promise<Again | null> {
  const metadata = await provider.metadata()
  const keep = async (fresh: ProviderTokens) =>
    updateProviderTokens(db, sessionId, await encryptTokens(fresh, { secret: settings.secret, tokenHash }))
  return askAgain(metadata, settings, { tokens, person: user, at: clock(), keep })
}

type Answered = { sessionId: string; due: DueSession; again: Again; askedAt: Date }

async function apply(
  services: AuthServices,
  origin: RequestOrigin,
  { sessionId, due, again, askedAt }: Answered,
): Promise<RecheckResult> {
  const { db, settings } = services
  const { name, email, emailUnverified } = due.user
  // Claims missing from the answer stay unchanged. `email_verified` counts only together with the address.
  const answer = Object.hasOwn(again.claims, 'email')
    ? again.claims
    : { ...again.claims, email, email_verified: emailUnverified ? false : undefined }
  const verdict = parseClaims({ name, ...answer }, settings.groupsClaim)
  if (!verdict.ok) return end(services, origin, { sessionId, due, reason: verdict.error })
  const { claims } = verdict
  const groups = {
    names: again.groupsKnown ? claims.groups : null,
    leftOut: claims.leftOut,
    platformRoleOf: (counted: readonly string[]) => platformRoleOf(counted, settings),
    listed: settings.pushedPrivilegedGroups,
  }
  const { subject, subjectClaim } = due.user
  const admission = admissionOf(
    { ...claims, subject: subjectClaim === settings.subjectClaim ? subject : null },
    settings,
  )
  const profile = { name: claims.name, email: claims.email, emailUnverified: claims.emailUnverified }
  await noteProviderAnswer(db, settings.issuer)
  const change = await inTransaction(db, async (tx) => {
    const saved = await saveClaims(tx, due.user, { ...profile, groups, admission }, askedAt)
    if (saved?.refused) {
      const { refusal } = saved.refused
      const outcome = { outcome: 'refused' as const, reason: refusal, detail: describeRefused(saved.refused) }
      await writeEventInTx(tx, eventOf(services, origin, due, outcome))
    } else if (saved && hasMoved(saved))
      await writeEventInTx(tx, eventOf(services, origin, due, { outcome: 'ok', detail: detailOf(saved) }))
    return saved
  })
  if (change?.refused) return 'ended'
  return change && hasMoved(change) ? 'changed' : 'confirmed'
}

async function end(
  services: AuthServices,
  origin: RequestOrigin,
  { sessionId, due, reason }: { sessionId: string; due: DueSession; reason: SignInError },
): Promise<RecheckResult> {
  await inTransaction(services.db, async (tx) => {
    if (await endRefusedSession(tx, sessionId))
      await writeEventInTx(tx, eventOf(services, origin, due, { outcome: 'refused', reason }))
  })
  return 'ended'
}

type RecheckOutcome =
  | { outcome: 'ok'; detail: Record<string, unknown> }
  | { outcome: 'refused'; reason: SignInError; detail?: Record<string, unknown> }

const eventOf = (services: AuthServices, origin: RequestOrigin, { user }: DueSession, outcome: RecheckOutcome) =>
  describeSession(services, origin, {
    action: 'session.recheck',
    actor: { kind: 'user', id: user.id, handle: user.handle, name: user.name },
    ...outcome,
  })

const hasMoved = ({ joined, left, roleBefore, role }: ClaimsChange): boolean =>
  joined.length > 0 || left.length > 0 || roleBefore !== role

const detailOf = ({ joined, left, roleBefore, role }: ClaimsChange): Record<string, unknown> => ({
  joined: namesForTrail(joined),
  joinedCount: joined.length,
  left: namesForTrail(left),
  leftCount: left.length,
  ...(roleBefore !== role && { platformRole: { before: roleBefore, after: role } }),
})

const namesForTrail = (groups: readonly string[]): string[] =>
  groups.slice(0, maxGroupNames).map((group) => group.slice(0, 60))
