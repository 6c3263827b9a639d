/**
 * Sign-in without the identity provider. It must never accept anything except an operator's code, accept a code twice,
 * let anyone in without notifying the admins, or reveal whether a code exists.
 */
import { randomUUID } from 'node:crypto'
import { type AuthServices, describeSession, type RequestOrigin, recordSession } from '#lib/auth/auth-services.ts'
import {
  type BreakGlassPerson,
  isBreakGlassCode,
  lockBreakGlassCode,
  redeemBreakGlassCode,
} from '#lib/auth/db/break-glass-codes.ts'
import { beginSession } from '#lib/auth/session/begin-session.ts'
import { cookiesFor, parseCookies, renderCookie } from '#lib/auth/session/cookie-names.ts'
import { isOwnForm } from '#lib/auth/sign-in/own-form.ts'
import { readForm, redirectTo } from '#lib/auth/sign-in/read-form.ts'
import { withSignInFlow } from '#lib/auth/sign-in/sign-in-flow.ts'
import { inTransaction } from '#lib/kernel/db/in-transaction.ts'
import { insertInboxEvents } from '#lib/kernel/db/inbox/insert-inbox-events.ts'
import { selectAdminIds } from '#lib/kernel/db/people/admins.ts'
import { isAppError } from '#lib/kernel/model/errors.ts'
import { breakGlassMinutes } from '#lib/kernel/model/people/break-glass-account.ts'
import { makeHandle } from '#lib/kernel/model/people/handle.ts'
import type { SignInError } from '#lib/kernel/model/people/sign-in-error.ts'
import { writeEventInTx } from '#lib/kernel/trail/write-in-tx.ts'
import { metrics } from '#lib/observability/metrics.ts'
import { hashBreakGlassCode } from './hash-code.ts'

/** `POST /api/auth/break-glass`: uses a break-glass code and begins a session of one hour. */
export async function signInByBreakGlass(
  services: AuthServices,
  request: Request,
  origin: RequestOrigin,
): Promise<Response> {
  const { db, settings, limits, log } = services
  const form = await readForm(request)
  const cookies = parseCookies(request.headers.get('cookie'))
  if (!form || !(await isOwnForm(request, form, cookies, settings)))
    return Response.json({ error: 'foreign_origin' satisfies SignInError }, { status: 403, headers: noStore })
  const codeHash = hashBreakGlassCode(form.get('code') ?? '')
  // A valid code works no matter how many wrong ones arrive, so strangers can’t block it.
  if (!(await isBreakGlassCode(db, codeHash)) && (await limits.isBlocked('break-glass', origin.sourceAddress)))
    return redirectToForm(settings.origin, 'rate_limited')
  const { sessionToken } = cookiesFor(settings.origin)
  const flow = { origin, oldToken: cookies[sessionToken.name] }
  const used = await withSignInFlow(flow, () => useCode(services, origin, codeHash))
  if (typeof used === 'string') return refuse(services, origin, used)
  metrics().signIns.inc({ result: 'break-glass' })
  log.error(
    { handle: used.handle, sourceAddress: origin.sourceAddress, requestId: origin.requestId },
    'the break-glass account was used: a person is now a platform admin without the identity provider',
  )
  return redirectTo(`${settings.origin}/`, [renderCookie(sessionToken, used.token)])
}

const noStore = { 'cache-control': 'no-store' }

/** One transaction stores everything: use of the code, person, session, trail entry and notifications. */
async function useCode(
  services: AuthServices,
  origin: RequestOrigin,
  codeHash: Uint8Array<ArrayBuffer>,
): Promise<{ handle: string; token: string } | SignInError> {
  const { db, clock, randomBytes, settings } = services
  const at = clock()
  const lifetimeMs = breakGlassMinutes * 60_000
  const until = new Date(at.getTime() + lifetimeMs)
  const session = await beginSession(
    services,
    { sid: null, idToken: null, tokens: null, authenticatedAt: null },
    lifetimeMs,
  )
  const person: BreakGlassPerson = {
    userId: randomUUID(),
    handle: makeHandle('break-glass', Buffer.from(randomBytes(3)).toString('hex')),
    name: 'Break-glass account',
  }
  const { userId, handle, name } = person
  try {
    return await inTransaction(db, async (tx) => {
      const codeId = await lockBreakGlassCode(tx, codeHash)
      if (codeId === null) return 'break_glass_refused'
      await redeemBreakGlassCode(tx, codeId, person, { at, until, sourceAddress: origin.sourceAddress ?? null })
      const actor = { kind: 'user', id: userId, handle, name } as const
      const action = 'session.break-glass-sign-in'
      await writeEventInTx(tx, describeSession(services, origin, { action, actor, outcome: 'ok' }))
      await session.store(tx, userId)
      const event = {
        kind: 'break-glass-account-used' as const,
        by: { name, handle },
        from: origin.sourceAddress ?? null,
        endsAt: until.toISOString(),
      }
      const admins = await selectAdminIds(tx, [settings.issuer, ...services.further.map((one) => one.settings.issuer)])
      await insertInboxEvents(
        tx,
        admins.map((to) => ({ to, event, spaceId: null })),
        at,
      )
      return { handle, token: session.token }
    })
  } catch (error) {
    if (isAppError(error, 'trail_unavailable')) return 'trail_unavailable'
    throw error
  }
}

/** Wrong, used and revoked codes get the same answer, whether or not a valid code exists. */
async function refuse(services: AuthServices, origin: RequestOrigin, reason: SignInError): Promise<Response> {
  const { settings, limits, log } = services
  if (await limits.fail('break-glass', origin.sourceAddress)) {
    const event = {
      action: 'session.break-glass-sign-in',
      actor: { kind: 'anonymous' },
      outcome: 'refused',
      reason,
    } as const
    await recordSession(services, origin, event).catch((error: unknown) =>
      log.error({ error, requestId: origin.requestId }, 'could not record a refused break-glass code in the trail'),
    )
  }
  return redirectToForm(settings.origin, reason)
}

function redirectToForm(portal: string, error: SignInError): Response {
  metrics().signIns.inc({ result: error })
  return redirectTo(`${portal}/sign-in/break-glass?error=${error}`, [])
}
