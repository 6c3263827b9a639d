import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ClusterRefusal } from '#lib/features/audit/model/cluster-refusal.ts'
import type { AdmittedRequest } from '#lib/gateway/admit.ts'
import { createAnswerReader } from '#lib/gateway/request/answer-reader.ts'
import { readResponseHeaders } from '#lib/gateway/request/response-headers.ts'
import { openUpgrade } from './open-upgrade.ts'
import { renderRequest, type UpstreamRequest } from './render-request.ts'
import { describeFault, refuseAnswer } from './upstream-faults.ts'

const agreeTimeoutMs = 30_000
const maxAnswerBytes = 64 * 1024

/** Upgrade header in lower case → spelling upstream. */
export const upgradeProtocols: ReadonlyMap<string, string> = new Map([
  ['websocket', 'websocket'],
  ['spdy/3.1', 'SPDY/3.1'],
])

type Answer = { status: number; socket?: Duplex; start: Buffer; refusal?: ClusterRefusal | undefined }

export const renderHead = (status: number, text: string, headers: readonly string[]): string => {
  let head = `HTTP/1.1 ${status} ${text}\r\n`
  for (let at = 0; at + 1 < headers.length; at += 2) head += `${headers[at]}: ${headers[at + 1]}\r\n`
  return `${head}\r\n`
}

/** Resolves to the API server's 101 with the socket, or to its refusal in the form for the client. */
export async function askUpgrade(
  request: IncomingMessage,
  admitted: AdmittedRequest,
  outgoing: UpstreamRequest,
): Promise<Answer> {
  const { exchange, upstream } = admitted
  const { method } = outgoing
  const protocol = upgradeProtocols.get((request.headers.upgrade ?? '').toLowerCase()) ?? ''
  const asked = renderRequest(upstream.authority, outgoing, protocol)
  const limits = { withinMs: agreeTimeoutMs, maxBytes: maxAnswerBytes }
  const { head, body, socket, rest } = await openUpgrade(upstream.connection, { method, head: asked }, limits).catch(
    (error: unknown) => {
      throw describeFault(upstream.name, error, true)
    },
  )
  const { status, reason, fields } = head
  const kept = readResponseHeaders(fields, exchange.id, false)
  if (socket) {
    const agreed = renderHead(101, 'Switching Protocols', [...kept, 'Connection', 'Upgrade', 'Upgrade', protocol])
    return { status, socket, start: Buffer.concat([Buffer.from(agreed, 'latin1'), rest]) }
  }
  const refusal = refuseAnswer(admitted, status)
  if (refusal) throw refusal
  const refused = renderHead(status, reason, [...kept, 'Content-Length', String(body.length), 'Connection', 'close'])
  const reader = createAnswerReader(admitted.target, status, fields)
  reader?.onData(body)
  return { status, start: Buffer.concat([Buffer.from(refused, 'latin1'), body]), refusal: reader?.learned().refusal }
}
