import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import https from 'node:https'
import type { Duplex } from 'node:stream'
import { createHeaderWriter } from '#dev/cluster/exec/spdy-headers.ts'

export type ExecProtocol = 'websocket' | 'spdy'
/** `as`: a user to impersonate. */
type Target = { port: number; ca: string; token: string; path: string; as?: string }

/**
 * Runs one command as client-go does, without a kubectl process: opens the streams, reads to the status, and
 * disconnects.
 * @param target.path of the pod's exec, with its query
 * @param input sent as standard input, without waiting for anything
 * @returns the Kubernetes Status that the API server sends at the end, as text; '' if it sends none
 */
export async function rawExec(protocol: ExecProtocol, target: Target, input?: Buffer): Promise<string> {
  const asked = https.request({
    host: '127.0.0.1',
    port: target.port,
    ca: target.ca,
    agent: false,
    method: protocol === 'spdy' ? 'POST' : 'GET',
    path: target.path,
    headers: {
      authorization: `Bearer ${target.token}`,
      connection: 'Upgrade',
      ...offers[protocol],
      ...(target.as !== undefined && { 'impersonate-user': target.as }),
    },
  })
  asked.end()
  const answer = await Promise.race([
    once(asked, 'upgrade') as Promise<[IncomingMessage, Duplex, Buffer]>,
    once(asked, 'response').then(([response]: IncomingMessage[]) => {
      throw new Error(`the upgrade was answered by ${response?.statusCode}`)
    }),
  ])
  const [, socket, head] = answer
  socket.on('error', () => {})
  socket.unshift(head)
  const types = ['error', ...(input ? ['stdin'] : []), 'stdout']
  const status = protocol === 'spdy' ? await overSpdy(socket, types, input) : await overWebSocket(socket, input)
  // As kubectl does: sends a close frame, closes, and ends once the other end has closed too.
  if (protocol === 'websocket') socket.write(closeFrame)
  socket.end()
  if (!socket.destroyed) await once(socket.resume(), 'close')
  return status
}

/** @returns the arriving data, without closing the socket when the reader stops */
const chunksOf = (socket: Duplex): AsyncIterable<Buffer> => socket.iterator({ destroyOnReturn: false })

const closeFrame = Buffer.from([0x88, 0x80, 0, 0, 0, 0])

const offers = {
  websocket: {
    upgrade: 'websocket',
    'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    'sec-websocket-version': '13',
    'sec-websocket-protocol': 'v5.channel.k8s.io',
  },
  spdy: { upgrade: 'SPDY/3.1', 'x-stream-protocol-version': 'v4.channel.k8s.io' },
} as const

const statusChannel = 3

/** RFC 6455, section 5.2: frames of the client are masked; a mask of zeros leaves them as they are. */
function webSocketFrame(channel: number, data: Buffer): Buffer {
  const head = Buffer.alloc(15)
  head[0] = 0x82
  head[1] = 0x80 | 127
  head.writeBigUInt64BE(BigInt(data.length + 1), 2)
  head[14] = channel
  return Buffer.concat([head, data])
}

async function overWebSocket(socket: Duplex, input?: Buffer): Promise<string> {
  for (let at = 0; input && at < input.length; at += 32_768)
    socket.write(webSocketFrame(0, input.subarray(at, at + 32_768)))
  let pending = Buffer.alloc(0)
  let status = ''
  for await (const chunk of chunksOf(socket)) {
    pending = Buffer.concat([pending, chunk])
    while (pending.length >= 2) {
      const short = (pending[1] ?? 0) & 127
      const start = short === 126 ? 4 : 2
      if (pending.length < start) break
      const length = short === 126 ? pending.readUInt16BE(2) : short
      if (pending.length < start + length) break
      const body = pending.subarray(start, start + length)
      if (((pending[0] ?? 0) & 15) === 2 && body[0] === statusChannel) status = body.subarray(1).toString()
      pending = pending.subarray(start + length)
    }
    if (status !== '') break
  }
  return status
}

const control = (type: number, flags: number, body: Buffer): Buffer => {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(0x80030000 + type)
  head.writeUInt32BE(flags * 0x1000000 + body.length, 4)
  return Buffer.concat([head, body])
}
const data = (stream: number, flags: number, body: Buffer): Buffer => {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(stream)
  head.writeUInt32BE(flags * 0x1000000 + body.length, 4)
  return Buffer.concat([head, body])
}

async function overSpdy(socket: Duplex, types: readonly string[], input?: Buffer): Promise<string> {
  const writeHeaders = createHeaderWriter()
  for (const [at, type] of types.entries()) {
    const fixed = Buffer.alloc(10)
    fixed.writeUInt32BE(at * 2 + 1)
    socket.write(control(1, 0, Buffer.concat([fixed, await writeHeaders(new Map([['streamtype', type]]))])))
  }
  for (let at = 0; input && at < input.length; at += 32_768)
    socket.write(data(types.indexOf('stdin') * 2 + 1, 0, input.subarray(at, at + 32_768)))
  let pending = Buffer.alloc(0)
  let status = ''
  reading: for await (const chunk of chunksOf(socket)) {
    pending = Buffer.concat([pending, chunk])
    while (pending.length >= 8) {
      const length = pending.readUIntBE(5, 3)
      if (pending.length < 8 + length) break
      if (pending.readUInt32BE(0) === 1) {
        status += pending.subarray(8, 8 + length).toString()
        if ((pending[4] ?? 0) & 1) break reading
      }
      pending = pending.subarray(8 + length)
    }
  }
  return status
}
