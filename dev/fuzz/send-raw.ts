import { once } from 'node:events'
import tls from 'node:tls'

export type RawAnswer = {
  /** 0: the connection ended without an answer. */
  status: number
  requestId: string | undefined
  body: string
}

const maxAnswerBytes = 1024 * 1024

/** Sends raw bytes over their own connection and reads one answer; of an endless one, the beginning. */
type Target = { port: number; ca: string; headOnly: boolean }

export async function sendRaw(target: Target, head: string, body: Buffer): Promise<RawAnswer> {
  const socket = tls.connect({ host: '127.0.0.1', port: target.port, ca: target.ca })
  socket.on('error', () => {})
  await Promise.race([once(socket, 'secureConnect'), once(socket, 'close')])
  socket.write(Buffer.concat([Buffer.from(head, 'latin1'), body]))
  let text = ''
  socket.setTimeout(20_000, () => socket.destroy())
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    text += chunk.toString('latin1')
    if (isWhole(text, target.headOnly) || text.length > maxAnswerBytes) break
  }
  socket.destroy()
  const [header = '', ...rest] = text.split('\r\n\r\n')
  return {
    status: Number(/^HTTP\/1\.1 (\d{3})/.exec(header)?.[1] ?? 0),
    requestId: /^x-request-id: (\S+)/im.exec(header)?.[1],
    body: rest.join('\r\n\r\n'),
  }
}

/** A chunked answer that may never end counts as complete with its header: it is a watch, or very large. */
function isWhole(text: string, headOnly: boolean): boolean {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0 || headOnly) return end >= 0
  const length = /^content-length: (\d+)/im.exec(text.slice(0, end))?.[1]
  return length === undefined || text.length - end - 4 >= Number(length)
}
