/**
 * `POST /api/auth/backchannel-logout`: the provider reports that a person's sessions have ended (OpenID Connect
 * Back-Channel Logout 1.0, sections 2.4 to 2.8). A token ends nothing unless it is a recent, unused logout token that
 * the provider signed for this client.
 */
import { createHash } from 'node:crypto'
import { decodeJwt, jwtVerify } from 'jose'
import { z } from 'zod'
import { type AuthServices, type RequestOrigin, recordSession } from '#lib/auth/auth-services.ts'
import { deleteProviderSessions, type EndedAtProvider } from '#lib/auth/db/ended-sessions.ts'
import { acceptedAlgorithms } from '#lib/auth/model/signing-algorithms.ts'
import { assertIssuedToUs } from '#lib/auth/provider/ask-provider.ts'
import { servicesOfIssuer } from '#lib/auth/provider/choose-provider.ts'
import { providerKeys } from '#lib/auth/provider/provider-keys.ts'
import { readForm } from '#lib/auth/sign-in/read-form.ts'
import { inUnblockedTransaction } from '#lib/kernel/db/end-blockers.ts'
import { insertInboxEvents } from '#lib/kernel/db/inbox/insert-inbox-events.ts'

const event = 'http://schemas.openid.net/event/backchannel-logout'
const oldestSeconds = 5 * 60

const logoutToken = z
  .looseObject({
    iat: z.number(),
    // Required since the final version. Without it, a token would stay valid for as long as its key.
    exp: z.number(),
    jti: z.string().min(1).max(500),
    sub: z.string().min(1).max(255).optional(),
    sid: z.string().min(1).max(500).optional(),
    events: z.looseObject({ [event]: z.record(z.string(), z.unknown()) }),
    // An id_token has one and a logout token must not, so that neither passes as the other.
    nonce: z.never().optional(),
  })
  .refine((claims) => claims.sub !== undefined || claims.sid !== undefined)

/** Reason in the trail → text of the answer to the provider. */
const problems = {
  logout_token_missing: 'there is no logout_token',
  logout_token_invalid: 'the logout_token is not valid',
  logout_token_used: 'the logout_token was used before',
} as const

export async function backchannelLogout(
  services: AuthServices,
  request: Request,
  origin: RequestOrigin,
): Promise<Response> {
  const { limits, log } = services
  const refuse = async (reason: keyof typeof problems, error?: unknown) => {
    log.warn(
      { reason, requestId: origin.requestId, ...(error instanceof Error && { cause: error.message }) },
      'a logout token was refused',
    )
    // Every token is checked, so that strangers can't block the provider's logouts; only the trail entries are limited.
    if (!(await limits.fail('logout-token', origin.sourceAddress))) return answer(429, 'too many refused logout tokens')
    await recordSession(services, origin, {
      action: 'session.backchannel-logout',
      actor: { kind: 'anonymous' },
      outcome: 'refused',
      reason,
    })
    return answer(400, problems[reason])
  }
  const token = (await readForm(request))?.get('logout_token')
  if (!token) return refuse('logout_token_missing')
  let verified: { issuer: string; claims: z.infer<typeof logoutToken> }
  try {
    verified = await verify(services, token)
  } catch (error) {
    return refuse('logout_token_invalid', error)
  }
  const { issuer, claims } = verified
  const id = createHash('sha256').update(`${issuer} ${claims.jti}`).digest('hex')
  if (await limits.isUsed(id)) return refuse('logout_token_used')
  const until = services.settings.logoutEndsCredentials ? services.clock() : null
  const ended = await endSessions(services, { issuer, sid: claims.sid, sub: claims.sub }, until, services.clock())
  // Marked as used only now, so that the provider can retry if ending the sessions fails.
  await limits.use(id)
  for (const { id, handle, name, sessions, credentials } of ended) {
    await recordSession(services, origin, {
      action: 'session.backchannel-logout',
      actor: { kind: 'user', id, handle, name },
      outcome: 'ok',
      detail: { sessions, credentials: credentials.slice(0, 100), credentialCount: credentials.length },
    })
  }
  return answer(200)
}

/**
 * People who sign out at their provider know it; they are notified only if their kubeconfigs stopped working too.
 * @param until when to revoke credentials; null keeps them
 */
const endSessions = (
  services: AuthServices,
  named: Parameters<typeof deleteProviderSessions>[1],
  until: Date | null,
  at: Date,
): Promise<EndedAtProvider[]> =>
  inUnblockedTransaction(services, async (tx) => {
    const ended = await deleteProviderSessions(tx, named, until)
    for (const { id, credentials } of ended) {
      if (credentials.length === 0) continue
      const event = { kind: 'sessions-ended' as const, by: null, credentials: credentials.length }
      await insertInboxEvents(tx, [{ to: id, event, spaceId: null }], at)
    }
    return ended
  })

/** @param token names its provider; only that provider's keys verify it, for Spaceport's client there */
async function verify(services: AuthServices, token: string) {
  const { iss = '' } = decodeJwt(token)
  const own = servicesOfIssuer(services, iss)
  if (!own) throw new Error('a token of a provider that is not configured')
  const { provider, settings, clock } = own
  const metadata = await provider.metadata()
  const { payload, protectedHeader } = await jwtVerify(token, providerKeys(metadata.jwks_uri), {
    issuer: metadata.issuer,
    audience: settings.clientId,
    algorithms: acceptedAlgorithms(metadata.id_token_signing_alg_values_supported, settings.algorithms),
    clockTolerance: 60,
    maxTokenAge: oldestSeconds,
    currentDate: clock(),
  })
  const type = protectedHeader.typ?.toLowerCase().replace(/^application\//, '')
  if (type !== undefined && type !== 'logout+jwt' && type !== 'jwt') throw new Error(`a token of type ${type}`)
  // Logout tokens get the same checks as ID tokens (Back-Channel Logout 1.0, section 2.6).
  assertIssuedToUs(payload, settings)
  return { issuer: metadata.issuer, claims: logoutToken.parse(payload) }
}

function answer(status: number, problem?: string): Response {
  const headers = { 'cache-control': 'no-store' }
  if (problem === undefined) return new Response(null, { status, headers })
  return Response.json({ error: 'invalid_request', error_description: problem }, { status, headers })
}
