import { createHash } from 'node:crypto'
import type { Duplex } from 'node:stream'

/** RFC 6455, section 1.3. */
const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
/** Section 5.5: a control frame carries at most 125 bytes, two of them the code. */
const maxReasonBytes = 123
/** How long a client can read the last data before its connection is closed, in milliseconds. */
const lingerMs = 1_000

/** Closes a connection that HTTP no longer manages, even if the client doesn’t close its side. */
export function endSoon(client: Duplex, last: Buffer | string = ''): void {
  client.end(last)
  setTimeout(() => client.destroy(), lingerMs).unref()
}

/** Refuses an upgrade in plain HTTP; no page of the portal sends such a request. */
export const refuseRequest = (client: Duplex, status: '400 Bad Request' | '401 Unauthorized' | '403 Forbidden'): void =>
  endSoon(client, `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\nCache-Control: no-store\r\n\r\n`)

/** @returns the head of a server's switch to WebSocket (RFC 6455, section 4.2.2) */
export const renderUpgrade = (accept: string, protocol: string): string =>
  `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: ${protocol}\r\n\r\n`

/**
 * Accepts a WebSocket only to close it with a reason, since a page can't read any other refusal.
 * @param key the request's Sec-WebSocket-Key
 */
export function refuseSocket(client: Duplex, key: string, protocol: string, code: number, reason: string): void {
  const accept = createHash('sha1')
    .update(key + guid)
    .digest('base64')
  const text = cutBytes(reason, maxReasonBytes)
  const frame = Buffer.concat([Buffer.from([0x88, 2 + text.length, code >> 8, code & 0xff]), text])
  endSoon(client, Buffer.concat([Buffer.from(renderUpgrade(accept, protocol), 'latin1'), frame]))
}

/** @returns the beginning of the text as UTF-8, without splitting a character */
function cutBytes(text: string, max: number): Buffer {
  const bytes = Buffer.from(text)
  if (bytes.length <= max) return bytes
  let end = max
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return bytes.subarray(0, end)
}
