import { describe, expect, test } from 'vitest'
import { GatewayRefusal } from '#lib/gateway/refusal.ts'
import { decodeObject, encodeObject, encodeWatchEvent } from './kube-proto.ts'
import { createEventReader, followEvents, formatOf, renderErrorEvent } from './watch-events.ts'

const status = (text: string) => encodeObject({ kind: 'Status', apiVersion: 'v1', message: text })
const streams = {
  json: ['{"type":"ADDED"}\n', `{"type":"${'x'.repeat(300)}"}\n`, '{}\n'].map((event) => Buffer.from(event)),
  protobuf: ['one', 'x'.repeat(300), ''].map((text) => encodeWatchEvent('ADDED', status(text))),
}

describe.each(['json', 'protobuf'] as const)('events in %s', (format) => {
  test('are read completely, wherever the bytes are split', () => {
    const all = Buffer.concat(streams[format])
    for (let size = 1; size <= all.length; size++) {
      const read = createEventReader(format)
      const events: Buffer[] = []
      for (let at = 0; at < all.length; at += size) events.push(...read(all.subarray(at, at + size)))
      expect(events.map(String), `in pieces of ${size}`).toEqual(streams[format].map(String))
    }
  })

  test('are followed to the end of each, wherever the bytes are split', () => {
    const all = Buffer.concat(streams[format])
    const ends = streams[format].map((_, at) => Buffer.concat(streams[format].slice(0, at + 1)).length)
    for (let size = 1; size <= all.length; size++) {
      const follow = followEvents(format)
      for (let at = 0; at < all.length; at += size) {
        const end = Math.min(at + size, all.length)
        expect(follow(all.subarray(at, end)), `${end} of pieces of ${size}`).toBe(ends.includes(end))
      }
    }
  })

  test('that never end are rejected', () => {
    const read = createEventReader(format)
    read(Buffer.from([255, 255, 255, 255]))
    expect(() => {
      for (let at = 0; at < 100; at++) read(Buffer.alloc(1024 * 1024, 1))
    }).toThrow(/too large/)
  })
})

test('the event that ends a watch is a Status in the encoding of the watch', () => {
  const refusal = new GatewayRefusal('access_changed', 410, 'list again', { kind: 'namespaces', retryAfterSeconds: 1 })
  const expected = { message: 'list again', reason: 'Expired', code: 410, status: 'Failure' }
  expect(JSON.parse(String(renderErrorEvent('json', refusal)))).toMatchObject({ type: 'ERROR', object: expected })
  const [event] = createEventReader('protobuf')(renderErrorEvent('protobuf', refusal))
  const raw = event?.subarray(event.indexOf('k8s\0')) ?? Buffer.alloc(0)
  expect(String(event)).toContain('ERROR')
  expect(decodeObject('Status', raw)).toMatchObject({
    ...expected,
    details: { kind: 'namespaces', retryAfterSeconds: 1 },
  })
})

test('other encodings are not read', () => {
  expect(formatOf(['content-type', 'application/json'])).toBe('json')
  expect(formatOf(['content-type', 'application/vnd.kubernetes.protobuf;stream=watch'])).toBe('protobuf')
  expect(formatOf(['content-type', 'application/cbor-seq'])).toBeUndefined()
  expect(formatOf(['content-type', 'application/json', 'content-encoding', 'gzip'])).toBeUndefined()
  expect(formatOf([])).toBeUndefined()
})
