/** Reads one answer with our own reader and with Node's client, so that tests can compare. */
import http from 'node:http'
import { Duplex } from 'node:stream'
import { AnswerReader, MalformedAnswer } from './parse-answer.ts'

export type ReadAnswer =
  | { refused: string }
  | {
      status: number
      reason: string
      fields: string[]
      body: string
      /** How many bytes followed its end; undefined if unknown. */
      rest?: number
      keepAliveSeconds?: number
    }

/** @param pieces all the bytes to read; the connection ends after them */
export function readByOurs(pieces: readonly Buffer[], method = 'GET', upgrade = false): ReadAnswer {
  let answer: { status: number; reason: string; fields: string[] } | undefined
  let body = ''
  let rest = 0
  const reader = new AnswerReader({
    onHead: (head) => {
      answer = head
    },
    onBody: (bytes, from, to) => {
      body += bytes.toString('latin1', from, to)
    },
  })
  reader.begin(method, upgrade)
  try {
    for (const piece of pieces) rest += piece.length - reader.read(piece, 0, piece.length)
    if (!reader.upgraded) reader.end()
    if (!answer) return { refused: 'incomplete' }
    return { ...answer, body, rest, keepAliveSeconds: reader.keepAliveSeconds }
  } catch (error) {
    if (error instanceof MalformedAnswer) return { refused: error.fault }
    throw error
  }
}

/** The same with Node's client, which does not report how many bytes followed the end. */
export function readByNode(pieces: readonly Buffer[], method = 'GET'): Promise<ReadAnswer> {
  const { promise, resolve } = Promise.withResolvers<ReadAnswer>()
  const socket = new Duplex({
    read() {},
    write: (_chunk, _encoding, done) => done(),
  })
  const refuse = (error: Error) => resolve({ refused: error.message })
  const request = http.request({ method, path: '/', maxHeaderSize: 128 * 1024, createConnection: () => socket })
  request.on('error', refuse)
  // Node delivers an answer even if it refused bytes that came with it.
  socket.on('error', refuse)
  let answered = false
  request.on('close', () => answered || resolve({ refused: 'closed' }))
  request.on('response', (response) => {
    answered = true
    let body = ''
    response.setEncoding('latin1')
    response.on('error', refuse)
    response.on('data', (text: string) => {
      body += text
    })
    response.on('end', () => {
      const fields = response.rawHeaders.map((text, at) => (at % 2 === 0 ? text.toLowerCase() : text))
      resolve({ status: response.statusCode ?? 0, reason: response.statusMessage ?? '', fields, body })
    })
  })
  request.end()
  for (const piece of pieces) socket.push(piece)
  socket.push(null)
  return promise
}

/** @returns the same bytes in two pieces, split at every point, and one by one */
export function* everySplit(bytes: Buffer): Generator<Buffer[]> {
  for (let at = 0; at <= bytes.length; at++) yield [bytes.subarray(0, at), bytes.subarray(at)]
  yield Array.from(bytes, (_, at) => bytes.subarray(at, at + 1))
}
