/**
 * The header blocks of SPDY/3: name/value pairs, compressed in one stream per direction that starts with a dictionary
 * (https://www.chromium.org/spdy/spdy-protocol/spdy-protocol-draft3-1/, sections 2.6.10 and 2.6.10.1).
 */
import { once } from 'node:events'
import { constants, createDeflate, createInflate } from 'node:zlib'

const words = [
  'options head post put delete trace accept accept-charset accept-encoding accept-language accept-ranges age allow',
  'authorization cache-control connection content-base content-encoding content-language content-length',
  'content-location content-md5 content-range content-type date etag expect expires from host if-match',
  'if-modified-since if-none-match if-range if-unmodified-since last-modified location max-forwards pragma',
  'proxy-authenticate proxy-authorization range referer retry-after server te trailer transfer-encoding upgrade',
  'user-agent vary via warning www-authenticate method get status 200_OK version HTTP/1.1 url public set-cookie',
  'keep-alive origin',
].flatMap((line) => line.split(' ').map((word) => word.replace('_', ' ')))

const tail = [
  '100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505',
  '203 Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Request401 Unauthorized',
  '403 Forbidden404 Not Found500 Internal Server Error501 Not Implemented503 Service Unavailable',
  'Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMT',
  'chunked,text/html,image/png,image/jpg,image/gif,application/xml,application/xhtml+xml,text/plain,text/javascript,',
  'publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0.',
].join('')

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
const counted = (text: string): Buffer => Buffer.concat([uint32(Buffer.byteLength(text)), Buffer.from(text)])

/** Exactly these bytes, or the two ends can't decode each other. */
export const dictionary: Buffer = Buffer.concat([...words.map(counted), Buffer.from(tail)])

const maxHeaderBytes = 16 * 1024

/** @returns a function that reads blocks in the order in which they arrived; it throws on invalid data */
export function createHeaderReader(): (block: Buffer) => Promise<Map<string, string>> {
  const inflate = createInflate({ dictionary, finishFlush: constants.Z_SYNC_FLUSH })
  let plain: Buffer[] = []
  let failure: Error | undefined
  inflate.on('data', (chunk: Buffer) => {
    plain.push(chunk)
    const total = plain.reduce((sum, { length }) => sum + length, 0)
    if (total > maxHeaderBytes) inflate.destroy(new Error('a header block is too long'))
  })
  inflate.on('error', (error) => {
    failure = error
  })
  return async (block) => {
    plain = []
    if (!inflate.destroyed)
      await Promise.race([new Promise((done) => inflate.write(block, done)), once(inflate, 'close')])
    if (failure !== undefined || inflate.destroyed) throw failure ?? new Error('no more headers can be read')
    return parseBlock(Buffer.concat(plain))
  }
}

function parseBlock(plain: Buffer): Map<string, string> {
  let at = 4
  const next = () => {
    const start = at + 4
    at = start + plain.readUInt32BE(at)
    if (at > plain.length) throw new Error('a header block is cut off')
    return plain.toString('utf8', start, at)
  }
  const headers = new Map<string, string>()
  for (let left = plain.readUInt32BE(0); left > 0; left -= 1) headers.set(next(), next())
  return headers
}

/** @returns a function that writes one block after the other */
export function createHeaderWriter(): (headers: ReadonlyMap<string, string>) => Promise<Buffer> {
  const deflate = createDeflate({ dictionary })
  let packed: Buffer[] = []
  deflate.on('data', (chunk: Buffer) => packed.push(chunk))
  return async (headers) => {
    packed = []
    const pairs = [...headers].flatMap(([name, value]) => [counted(name), counted(value)])
    deflate.write(Buffer.concat([uint32(headers.size), ...pairs]))
    await new Promise<void>((done) => deflate.flush(constants.Z_SYNC_FLUSH, done))
    return Buffer.concat(packed)
  }
}
