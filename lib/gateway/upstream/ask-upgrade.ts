import type { IncomingMessage } from 'node:http'
import https from 'node:https'
import type { Duplex } from 'node:stream'
import type { Admitted } from '#lib/gateway/admit.ts'
import type { Exchange } from '#lib/gateway/exchange.ts'
import { readResponseHeaders } from '#lib/gateway/request/response-headers.ts'
import { renderUpstream } from './render-upstream.ts'
import { describeFault, refuseAnswer } from './upstream-faults.ts'

const agreeTimeoutMs = 30_000
const maxAnswerBytes = 64 * 1024

/** Upgrade header, lower case → what is sent upstream. */
export const upgradeProtocols: ReadonlyMap<string, string> = new Map([
  ['websocket', 'websocket'],
  ['spdy/3.1', 'SPDY/3.1'],
])

type Answer = { status: number; socket?: Duplex; start: Buffer }

/** @returns a status line and header fields, ready for the wire */
export const renderHead = (status: number, text: string, headers: readonly string[]): string => {
  let head = `HTTP/1.1 ${status} ${text}\r\n`
  for (let at = 0; at + 1 < headers.length; at += 2) head += `${headers[at]}: ${headers[at + 1]}\r\n`
  return `${head}\r\n`
}

/** Asks the API server for the upgrade. Resolves to its 101 with the socket, or to its refusal as it goes to the client. */
export function askUpgrade(request: IncomingMessage, exchange: Exchange, admitted: Admitted): Promise<Answer> {
  const { upstream, target } = admitted
  const { path, headers } = renderUpstream(exchange, admitted)
  const protocol = upgradeProtocols.get((request.headers.upgrade ?? '').toLowerCase()) ?? ''
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const { host, port } = upstream.connection
  const authority = String(host).includes(':') ? `[${host}]:${port}` : `${host}:${port}`
  const asked = https.request({
    ...upstream.connection,
    method: target.method,
    path,
    // Without its length Node would send a POST in chunks, and their end into the stream.
    headers: [
      ...['Host', authority, ...headers, 'Connection', 'Upgrade', 'Upgrade', protocol],
      ...(target.method === 'POST' ? ['Content-Length', '0'] : []),
    ],
  })
  const timer = setTimeout(
    () => asked.destroy(Object.assign(new Error('no answer'), { code: 'UND_ERR_HEADERS_TIMEOUT' })),
    agreeTimeoutMs,
  )
  asked.on('error', (error) => {
    clearTimeout(timer)
    reject(describeFault(upstream.name, error))
  })
  asked.on('upgrade', (answer, socket, start) => {
    clearTimeout(timer)
    // It may end before it is joined, while the trail is written.
    socket.on('error', () => socket.destroy())
    const kept = readResponseHeaders(answer.headers, exchange.id)
    const head = renderHead(101, 'Switching Protocols', [...kept, 'Connection', 'Upgrade', 'Upgrade', protocol])
    resolve({ status: 101, socket, start: Buffer.concat([Buffer.from(head, 'latin1'), start]) })
  })
  asked.on('response', (answer) => {
    const status = answer.statusCode ?? 502
    const refusal = refuseAnswer(admitted, status)
    if (refusal) {
      clearTimeout(timer)
      asked.destroy()
      return reject(refusal)
    }
    const chunks: Buffer[] = []
    let size = 0
    answer.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= maxAnswerBytes) chunks.push(chunk)
      else answer.destroy()
    })
    answer.on('close', () => {
      clearTimeout(timer)
      const body = Buffer.concat(chunks)
      const { 'content-length': _length, ...rest } = answer.headers
      const kept = [
        ...readResponseHeaders(rest, exchange.id),
        'Content-Length',
        String(body.length),
        'Connection',
        'close',
      ]
      resolve({
        status,
        start: Buffer.concat([Buffer.from(renderHead(status, answer.statusMessage ?? '', kept), 'latin1'), body]),
      })
    })
  })
  asked.end()
  return promise
}
