import 'server-only'
import type { IncomingMessage } from 'node:http'
import https from 'node:https'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { cookiesFor, parseCookies } from '#lib/auth/session/cookie-names.ts'
import { readSession } from '#lib/auth/session/read-session.ts'
import { logSources } from '#lib/features/spaces/model/log-sources.ts'
import { shellCommand, shellProtocol, shellRefusedCode } from '#lib/features/spaces/model/shell.ts'
import { locateSpace } from '#lib/features/spaces/use-cases/locate-space.ts'
import { AppError, isAppError } from '#lib/kernel/model/errors.ts'
import { spaceKey } from '#lib/kernel/use-case/authorize.ts'
import type { CallerContext } from '#lib/kernel/use-case/wrap-context.ts'
import { parseSearchParams } from '#lib/web/action/parse-form.ts'
import { services } from '#lib/web/process/services.ts'
import { takeSlot } from '#lib/web/process/take-slot.ts'
import { webConfig } from '#lib/web/process/web-config.ts'
import { webLog } from '#lib/web/process/web-log.ts'
import { checkRequestHead } from '#lib/web/request/check-request-head.ts'
import { contextFor } from '#lib/web/request/context-for.ts'
import { receiveRequest } from '#lib/web/request/receive-request.ts'
import { readRefusal } from './ask-gateway.ts'
import { gatewayToken } from './gateway-token.ts'
import { endSoon, refuseRequest, refuseSocket, renderUpgrade } from './refuse-socket.ts'

const atOnce = { name: 'shells', most: 4, sentence: 'You have four shells open. Close one first.' }
/** How often a shell checks that its session still exists. The gateway cuts it at once after a notification. */
const checkMs = 15_000
/** As long as the gateway waits for the API server. */
const answerMs = 35_000
/** A silent browser gets a ping after this time. */
const keepAliveMs = 30_000
const address = /^\/api\/spaces\/([^/?]{1,63})\/shell(?:\?|$)/
const keyShape = /^[A-Za-z0-9+/]{22}==$/

/** A pod and a container, `pod/container`. */
const shellQuery = spaceKey.extend({
  of: logSources.refine((sources) => sources.length === 1, 'Name one pod and container.'),
})

/** @returns whether a request asks for a shell in a space, over WebSocket (RFC 6455) */
export const isShellRequest = ({ method, url = '', headers }: IncomingMessage): boolean =>
  method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket' && address.test(url)

/**
 * Connects a browser to the gateway's exec, byte by byte. The gateway authorizes, records and cuts, as for kubectl. It
 * must never serve another site's page, since its WebSocket would carry the portal's cookie too (RFC 6455, section 10.2).
 */
export function answerShell(request: IncomingMessage, client: Duplex, head: Buffer): void {
  client.on('error', () => client.destroy())
  open(request, client, head).catch((error: unknown) => {
    const key = String(request.headers['sec-websocket-key'])
    if (isAppError(error)) return refuseSocket(client, key, shellProtocol, shellRefusedCode, error.sentence)
    webLog().error({ error }, 'could not open a shell')
    refuseSocket(client, key, shellProtocol, shellRefusedCode, 'Something went wrong. Try again.')
  })
}

async function open(request: IncomingMessage, client: Duplex, head: Buffer): Promise<void> {
  const { headers } = request
  const { SPACEPORT_URL } = webConfig()
  if (headers.origin !== SPACEPORT_URL) return refuseRequest(client, '403 Forbidden')
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((one) => one.trim())
  if (!keyShape.test(headers['sec-websocket-key'] ?? '') || !offered.includes(shellProtocol))
    return refuseRequest(client, '400 Bad Request')
  if (checkRequestHead(request)) return refuseRequest(client, '400 Bad Request')
  receiveRequest(request)
  const webServices = await services()
  const token = parseCookies(headers.cookie ?? null)[cookiesFor(SPACEPORT_URL).sessionToken.name]
  const session = await readSession(webServices, token)
  if (!session) return refuseRequest(client, '401 Unauthorized')
  const ctx = await contextFor(session, asHeaders(headers))
  const { of, ...space } = parseSearchParams(shellQuery, queryOf(request))
  const [source] = of
  const place = await locateSpace(ctx, space)
  const release = takeSlot(atOnce, ctx.actor.userId)
  client.once('close', release)
  if (client instanceof Socket) client.setKeepAlive(true, keepAliveMs).setNoDelay(true)
  if (client.destroyed) return release()
  const checking = setInterval(() => {
    void readSession(webServices, token, { touch: false }).then(
      (now) => now ?? client.destroy(),
      () => {},
    )
  }, checkMs)
  client.once('close', () => clearInterval(checking))
  const target = `/clusters/${encodeURIComponent(place.cluster)}/api/v1/namespaces/${place.namespace}/pods/${source?.pod}/exec`
  const query = new URLSearchParams({ container: source?.container ?? '', stdin: 'true', stdout: 'true', tty: 'true' })
  for (const word of shellCommand) query.append('command', word)
  const key = headers['sec-websocket-key'] ?? ''
  const path = `${target}?${query}`
  let answer = await ask(ctx, path, key, await gatewayToken(ctx))
  // The credential may have ended in the meantime; the session gets a new one if the person still has access.
  if ('message' in answer && answer.status === 401) answer = await ask(ctx, path, key, await gatewayToken(ctx, true))
  join(answer, { client, head, key })
}

type Answer = { upstream: Duplex; first: Buffer; accept: string } | { status: number; message: string }

/** @returns the gateway's end of the stream, or an error */
async function ask(ctx: CallerContext, target: string, key: string, token: string): Promise<Answer> {
  const { origin } = ctx
  const ca = (await services()).gateway.readCa()
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const request = https.request(`${webConfig().SPACEPORT_GATEWAY_URL}${target}`, {
    agent: false,
    ...(ca !== '' && { ca }),
    timeout: answerMs,
    headers: {
      authorization: `Bearer ${token}`,
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-key': key,
      'sec-websocket-version': '13',
      'sec-websocket-protocol': shellProtocol,
      ...(origin.sourceAddress && { 'x-forwarded-for': origin.sourceAddress }),
      ...(origin.userAgent && { 'user-agent': origin.userAgent }),
    },
  })
  request.once('upgrade', (answer, upstream, first) => {
    upstream.setTimeout(0)
    resolve({ upstream, first, accept: String(answer.headers['sec-websocket-accept']) })
  })
  request.once('response', (answer) =>
    readRefusal(answer).then((message) => resolve({ status: answer.statusCode ?? 0, message }), reject),
  )
  request.once('timeout', () => request.destroy(new Error('the gateway did not answer')))
  request.once('error', (cause) => reject(new AppError('gateway_unreachable', { cause })))
  request.end()
  return promise
}

type Browser = { client: Duplex; head: Buffer; key: string }

function join(answer: Answer, { client, head, key }: Browser): void {
  if ('message' in answer) {
    refuseSocket(client, key, shellProtocol, shellRefusedCode, answer.message)
    return
  }
  const { upstream, first, accept } = answer
  upstream.on('error', () => client.destroy())
  upstream.on('close', () => endSoon(client))
  client.on('close', () => upstream.destroy())
  if (client.destroyed) return void upstream.destroy()
  client.write(renderUpgrade(accept, shellProtocol))
  client.write(first)
  upstream.write(head)
  upstream.pipe(client)
  client.pipe(upstream)
}

function queryOf({ url = '' }: IncomingMessage): URLSearchParams {
  const { searchParams } = new URL(url, 'http://portal')
  searchParams.set('name', decodeURIComponent(address.exec(url)?.[1] ?? ''))
  return searchParams
}

function asHeaders(given: IncomingMessage['headers']): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(given)) for (const one of [value ?? []].flat()) headers.append(name, one)
  return headers
}
