import { expect, test } from 'vitest'
import { readRequestHeaders } from './request-headers.ts'
import { readResponseHeaders } from './response-headers.ts'

const forwarded = (raw: string[], upgrade = false) =>
  readRequestHeaders(raw.includes('Host') ? raw : ['Host', 'gateway', ...raw], upgrade).forward

test('fields on the list are passed on', () => {
  expect(
    forwarded(['accept', 'application/json', 'USER-AGENT', 'kubectl/1', 'Content-Type', 'application/json']),
  ).toEqual(['Accept', 'application/json', 'User-Agent', 'kubectl/1', 'Content-Type', 'application/json'])
})

test.each([
  'Impersonate-User',
  'impersonate-user',
  'IMPERSONATE-GROUP',
  'Impersonate-Uid',
  'Impersonate-Extra-scopes',
  'Impersonate_User',
  'X-Remote-User',
  'X-Remote-Group',
  'X-Remote-Extra-a',
  'X-Forwarded-For',
  'Forwarded',
  'X-Real-Ip',
  'Audit-ID',
  'Cookie',
  'Authorization',
  'Proxy-Authorization',
  'Connection',
  'Keep-Alive',
  'TE',
  'Trailer',
  'Transfer-Encoding',
  'Upgrade',
  'Host',
  'Content-Length',
  'Expect',
  'Sec-WebSocket-Protocol',
  'constructor',
  '__proto__',
])('a client cannot send %s to the API server', (name) => {
  expect(forwarded([name, 'system:masters'])).toEqual([])
})

test('a repeated field that two parsers could read differently is refused', () => {
  for (const name of ['Authorization', 'Host', 'Content-Length', 'Transfer-Encoding', 'Content-Type', 'Upgrade'])
    expect(() => readRequestHeaders([name, 'a', name.toUpperCase(), 'a'], false)).toThrow(
      expect.objectContaining({ key: 'bad_header', status: 400 }),
    )
})

test('more than a hundred header fields are refused', () => {
  expect(() => readRequestHeaders(Array<string>(202).fill('a'), false)).toThrow(
    expect.objectContaining({ status: 431 }),
  )
})

test('a token hidden in a WebSocket subprotocol is dropped', () => {
  expect(
    forwarded(['Sec-WebSocket-Protocol', 'base64url.bearer.authorization.k8s.io.dG9rZW4, v5.channel.k8s.io'], true),
  ).toEqual(['Sec-WebSocket-Protocol', 'v5.channel.k8s.io'])
  expect(forwarded(['Sec-WebSocket-Protocol', 'base64url.bearer.authorization.k8s.io.dG9rZW4'], true)).toEqual([])
  expect(forwarded(['Sec-WebSocket-Protocol', 'SPDY/3.1+portforward.k8s.io'], true)).toHaveLength(2)
})

test('hop-by-hop fields and cookies of an answer are dropped, and repeated fields stay repeated', () => {
  const kept = readResponseHeaders(
    [
      ...['content-type', 'application/json'],
      ...['set-cookie', 'a=b'],
      ...['connection', 'close'],
      ...['transfer-encoding', 'chunked'],
      ...['warning', '299 - "a"', 'warning', '299 - "b"'],
    ],
    'id',
    true,
  )
  expect(kept).toEqual([
    'X-Request-Id',
    'id',
    'content-type',
    'application/json',
    'warning',
    '299 - "a"',
    'warning',
    '299 - "b"',
  ])
})
