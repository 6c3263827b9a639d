import { expect, test } from 'vitest'
import { checkRequestHead, maxBodyBytes, pageAddress } from './check-request-head.ts'

const statusOf = (headers: Record<string, string>, url = '/', httpVersion = '1.1') =>
  checkRequestHead({ url, httpVersion, headers })?.status

test('a body within the limit and a request without one are accepted', () => {
  expect(statusOf({})).toBeUndefined()
  expect(statusOf({ 'content-length': '0' })).toBeUndefined()
  expect(statusOf({ 'content-length': String(maxBodyBytes) })).toBeUndefined()
})

test('a body over the limit and one of unknown length are refused', () => {
  expect(statusOf({ 'content-length': String(maxBodyBytes + 1) })).toBe(413)
  expect(statusOf({ 'content-length': '99999999999999999999999' })).toBe(413)
  for (const coding of ['chunked', 'gzip, chunked', 'identity', ''])
    expect(statusOf({ 'transfer-encoding': coding })).toBe(411)
})

test('a path must decode to valid text; the query is not checked', () => {
  for (const url of ['/spaces/%25', '/spaces/a%2525', '/spaces/%C3%A9', '/?search=%FF%', '/spaces/a?b=%00'])
    expect(statusOf({}, url), url).toBeUndefined()
  for (const url of ['/%', '/spaces/%FF', '/spaces/%C3', '/spaces/%2', '/spaces/%zz', '/spaces/a%00b'])
    expect(statusOf({}, url), url).toBe(400)
})

test('a URL outside of the portal is refused', () => {
  for (const url of ['*', 'portal:443', 'ftp://portal/', 'x', '//']) expect(statusOf({}, url), url).toBe(400)
  for (const url of ['/', '/?a', 'https://portal/spaces', '//spaces', '/.'])
    expect(statusOf({}, url), url).toBeUndefined()
})

test('the path of Next’s error page is not found in any spelling, and all others are unchanged', () => {
  for (const url of ['/_global-error', '/./_global-error', '/a/../_global-error?_rsc=x', 'http://x/_global-error'])
    expect(pageAddress(url), url).toBe('/_not-found')
  for (const url of ['/', '/_global-error/x', '/spaces/_global-error', '/?next=/_global-error', '*', '//'])
    expect(pageAddress(url), url).toBe(url)
})

test('versions that are not HTTP/1 are refused', () => {
  for (const version of ['0.9', '2.0']) expect(statusOf({}, '/', version)).toBe(400)
  expect(statusOf({}, '/', '1.0')).toBeUndefined()
})

test('provisioning may use chunked encoding, and no other', () => {
  expect(statusOf({ 'transfer-encoding': 'Chunked' }, '/scim/v2/Users')).toBeUndefined()
  for (const coding of ['x, chunked', 'gzip, chunked', 'identity', ''])
    expect(statusOf({ 'transfer-encoding': coding }, '/scim/v2/Users')).toBe(400)
})
