/** Finds the end of each event of a watch: there the gateway may add an event with the reason why the watch ends. */

import { type GatewayRefusal, renderStatus } from '#lib/gateway/refusal.ts'
import { protobufType } from './answer-encoding.ts'
import { encodeObject, encodeWatchEvent } from './kube-proto.ts'
import { valuesOf } from './response-headers.ts'

export type AnswerFormat = 'json' | 'protobuf'

const newline = 10
const lengthBytes = 4
/** Far larger than a namespace; only events of namespaces are collected here. */
const maxBytes = 16 * 1024 * 1024

/**
 * @param fields alternating lower-case names and values
 * @returns the encoding of an answer; undefined: the gateway can't read it
 */
export function formatOf(fields: readonly string[]): AnswerFormat | undefined {
  const [type, ...others] = valuesOf(fields, 'content-type')
  if (type === undefined || others.length > 0 || valuesOf(fields, 'content-encoding').length > 0) return undefined
  const media = type.split(';', 1)[0]?.trim().toLowerCase()
  return media === 'application/json' ? 'json' : media === protobufType ? 'protobuf' : undefined
}

/** @returns a function that takes each chunk and returns whether an event ends with it */
export function followEvents(format: AnswerFormat): (chunk: Buffer) => boolean {
  if (format === 'json') return (chunk) => chunk[chunk.length - 1] === newline
  /** The remaining bytes of the event; its length as far as read, and how many bytes of the length were read. */
  let left = 0
  let length = 0
  let lengthRead = 0
  return (chunk) => {
    for (let at = 0; at < chunk.length; ) {
      if (left > 0) {
        const taken = Math.min(left, chunk.length - at)
        left -= taken
        at += taken
        continue
      }
      length = length * 256 + (chunk[at++] ?? 0)
      if (++lengthRead < lengthBytes) continue
      left = length
      length = 0
      lengthRead = 0
    }
    return left === 0 && lengthRead === 0
  }
}

/**
 * @returns a function that takes bytes as they arrive and returns the events they complete
 * @throws (from the result) Error when an event has no end
 */
export function createEventReader(format: AnswerFormat): (chunk: Buffer) => Buffer[] {
  let parts: Buffer[] = []
  let size = 0
  let needed = 0
  return (chunk) => {
    const events: Buffer[] = []
    parts.push(chunk)
    size += chunk.length
    if (size > maxBytes) throw new Error('an event of a watch is too large')
    if (format === 'json' ? !chunk.includes(newline) : size < needed) return events
    let rest = parts.length === 1 ? chunk : Buffer.concat(parts)
    for (;;) {
      needed = lengthOf(format, rest)
      if (needed > rest.length) break
      events.push(rest.subarray(0, needed))
      rest = rest.subarray(needed)
    }
    parts = rest.length > 0 ? [rest] : []
    size = rest.length
    return events
  }
}

/** @returns the size of the first event, or the number of bytes needed to know it */
function lengthOf(format: AnswerFormat, bytes: Buffer): number {
  if (format === 'json') return bytes.indexOf(newline) + 1 || bytes.length + 1
  return bytes.length < lengthBytes ? lengthBytes : lengthBytes + bytes.readUInt32BE(0)
}

export function renderErrorEvent(format: AnswerFormat, refusal: GatewayRefusal): Buffer {
  const status = renderStatus(refusal)
  if (format === 'json') return Buffer.from(`${JSON.stringify({ type: 'ERROR', object: status })}\n`)
  return encodeWatchEvent('ERROR', encodeObject(status))
}
