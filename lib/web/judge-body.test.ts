import { expect, test } from 'vitest'
import { judgeBody, longestBody } from './judge-body.ts'

test('a body within the bound gets in, and so does a request without one', () => {
  expect(judgeBody({})).toBeNull()
  expect(judgeBody({ 'content-length': '0' })).toBeNull()
  expect(judgeBody({ 'content-length': String(longestBody) })).toBeNull()
})

test('a body beyond the bound is refused, and so is one of unknown length', () => {
  expect(judgeBody({ 'content-length': String(longestBody + 1) })?.status).toBe(413)
  expect(judgeBody({ 'content-length': '99999999999999999999999' })?.status).toBe(413)
  for (const coding of ['chunked', 'gzip, chunked', 'identity', ''])
    expect(judgeBody({ 'transfer-encoding': coding })?.status).toBe(411)
})
