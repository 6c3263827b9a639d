import { describe, expect, test } from 'vitest'
import { mayRepeat, renderRequest, type UpstreamRequest } from './render-request.ts'

const request = (changed: Partial<UpstreamRequest> = {}): UpstreamRequest => ({
  method: 'GET',
  path: '/api/v1/pods?limit=5',
  fields: ['Accept', 'application/json'],
  body: null,
  ...changed,
})

test('a request is written with our framing', () => {
  expect(renderRequest('k:6443', request())).toBe(
    'GET /api/v1/pods?limit=5 HTTP/1.1\r\nHost: k:6443\r\nAccept: application/json\r\n\r\n',
  )
  expect(renderRequest('k', request({ method: 'POST', fields: [], body: Buffer.from('äb') }))).toMatch(
    /\r\nContent-Length: 3\r\n\r\n$/,
  )
  expect(renderRequest('k', request({ method: 'DELETE', fields: [], body: Buffer.from('{}') }))).toMatch(
    /Length: 2\r\n/,
  )
  expect(renderRequest('k', request({ method: 'POST', fields: [] }))).toMatch(/Content-Length: 0\r\n\r\n$/)
  expect(renderRequest('k', request({ method: 'DELETE', fields: [] }))).not.toMatch(/Content-Length/)
  expect(renderRequest('k', request({ fields: [] }), 'SPDY/3.1')).toMatch(
    /\r\nConnection: Upgrade\r\nUpgrade: SPDY\/3\.1\r\n\r\n$/,
  )
})

test('a value keeps its bytes', () => {
  expect(renderRequest('k', request({ fields: ['A', '\xe4\t\xff'] }))).toContain('A: \xe4\t\xff\r\n')
})

describe('no other request or field gets into it', () => {
  test.each(['\r\nX: y', '\n', '\r', '\0', 'a\x7f', 'ł', '\u010d\u010a'])('by the value %j', (value) => {
    expect(() => renderRequest('k', request({ fields: ['A', value] }))).toThrow()
  })
  test.each(['A\r\nB', 'A B', 'A:', '', 'ä', 'A\0', '(A)'])('by the name %j', (name) => {
    expect(() => renderRequest('k', request({ fields: [name, 'x'] }))).toThrow()
  })
  test.each(['Content-Length', 'transfer-encoding', 'HOST', 'Connection', 'Upgrade', 'Expect', 'TE', 'Trailer'])(
    'by our own field %s',
    (name) => {
      expect(() => renderRequest('k', request({ fields: [name, '1'] }))).toThrow()
      expect(() => renderRequest('k', request({ fields: [name, '1'] })), 'the second time').toThrow()
    },
  )
  test.each(['/a b', '/a\r\nX: y', '/a\tb', 'a', '', '/ä', '/a\0', 'http://elsewhere/'])('by the path %j', (path) => {
    expect(() => renderRequest('k', request({ path }))).toThrow()
  })
  test.each(['get', 'CONNECT', 'TRACE', 'GET /x', ''])('by the method %j', (method) => {
    expect(() => renderRequest('k', request({ method }))).toThrow()
  })
  test.each(['web socket', 'a\r\nb', ''])('by the protocol %j', (protocol) => {
    expect(() => renderRequest('k', request(), protocol)).toThrow()
  })
  test('by an upgrade with a body', () => {
    expect(() => renderRequest('k', request({ method: 'POST', body: Buffer.alloc(0) }), 'websocket')).toThrow()
  })
})

test('only requests that change nothing may be sent again', () => {
  for (const method of ['GET', 'HEAD', 'OPTIONS']) expect(mayRepeat(request({ method }))).toBe(true)
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) expect(mayRepeat(request({ method }))).toBe(false)
  expect(mayRepeat(request({ body: Buffer.from('x') }))).toBe(false)
})
