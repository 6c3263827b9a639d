import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readByNode, readByOurs } from '#lib/gateway/upstream/answer-fixture.ts'
import { fuzzSettings } from './settings.ts'

/** The API server's answers are read the same however the bytes are split, and as Node's client reads them. */
const options = {
  seed: fuzzSettings.seed,
  numRuns: fuzzSettings.seconds === undefined ? 3_000 : Number.MAX_SAFE_INTEGER,
  ...(fuzzSettings.seconds !== undefined && {
    interruptAfterTimeLimit: fuzzSettings.seconds * 1_000,
    markInterruptAsFailure: false,
  }),
}
const timeout = ((fuzzSettings.seconds ?? 0) + 60) * 1_000

const oneOf = <T>(...values: T[]) => fc.constantFrom(...values)
/** Mostly well-formed, or the odd parts would never be reached. */
const mostly = <T>(honest: fc.Arbitrary<T>, odd: fc.Arbitrary<T>, times = 8): fc.Arbitrary<T> =>
  fc.oneof({ weight: times, arbitrary: honest }, { weight: 1, arbitrary: odd })

const lineEnds = mostly(fc.constant('\r\n'), oneOf('\n', '\r', '\r\r\n', '\n\n', ''), 60)
const texts = fc.string({ unit: 'binary-ascii', maxLength: 12 })
const statusLines = mostly(
  oneOf('HTTP/1.1 200 OK', 'HTTP/1.1 404 Not Found', 'HTTP/1.1 204 No Content', 'HTTP/1.1 304 Not Modified'),
  fc.oneof(
    oneOf(
      'HTTP/1.1 100 Continue',
      'HTTP/1.0 200 OK',
      'HTTP/1.1 200',
      'HTTP/1.1 101 x',
      'HTTP/2 200',
      '',
      'HTTP/1.1 2000',
    ),
    texts,
  ),
)
const fields = mostly(
  oneOf('Content-Type: application/json', 'Audit-Id: 1', 'A:', 'Connection: keep-alive', 'Vary:  a , b\t'),
  fc.oneof(
    oneOf('Connection: close', ' folded', '\tfolded', 'A : b', 'Content-Length: 3', 'Transfer-Encoding: chunked'),
    oneOf('Transfer-Encoding: gzip', 'Content-Length: 1, 1', 'Trailer: A', 'Upgrade: x', 'Keep-Alive: timeout=1'),
    texts,
  ),
)
const bodies = fc.string({ unit: 'binary-ascii', maxLength: 40 })
const chunk = fc.record({
  text: bodies,
  size: mostly(fc.constant(undefined), oneOf('0', '00', '5', 'G', '', ' 1', '-1', '0x1', 'ffffffffffffffffff'), 20),
  extension: mostly(fc.constant(''), oneOf(';a', ';a=b', ';a="\x7f"', ' ;a', `;${'x'.repeat(300)}`)),
  ends: fc.tuple(lineEnds, lineEnds),
})
const framed = fc.oneof(
  bodies.map((text) => ({ field: `Content-Length: ${text.length}`, body: text })),
  bodies.map((text) => ({ field: 'A: b', body: text })),
  fc
    .tuple(fc.array(chunk, { maxLength: 4 }), fc.array(fields, { maxLength: 2 }), lineEnds)
    .map(([chunks, trailers, end]) => ({
      field: 'Transfer-Encoding: chunked',
      body: `${chunks
        .map(
          ({ text, size, extension, ends }) =>
            `${size ?? text.length.toString(16)}${extension}${ends[0]}${text}${ends[1]}`,
        )
        .join('')}0\r\n${trailers.map((trailer) => `${trailer}\r\n`).join('')}${end}`,
    })),
)
const answers = fc
  .record({
    before: mostly(fc.constant(''), oneOf('HTTP/1.1 100 Continue\r\n\r\n', 'HTTP/1.1 103 x\r\nA: b\r\n\r\n', '\r\n')),
    statusLine: statusLines,
    fields: fc.array(fields, { maxLength: 4 }),
    ends: fc.array(lineEnds, { minLength: 7, maxLength: 7 }),
    framed,
    after: mostly(fc.constant(''), oneOf('\r\n', 'x', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')),
    changed: mostly(fc.constant(undefined), fc.tuple(fc.nat(), fc.nat(255)), 3),
    method: mostly(fc.constant('GET'), fc.constant('HEAD')),
  })
  .map(({ before, statusLine, fields: some, ends, framed: { field, body }, after, changed, method }) => {
    const lines = [statusLine, ...some, field]
    const head = lines.map((line, at) => `${line}${ends[at] ?? '\r\n'}`).join('')
    const bytes = Buffer.from(`${before}${head}${ends.at(-1)}${body}${after}`, 'latin1')
    if (changed) bytes[changed[0] % bytes.length] = changed[1]
    return { bytes, method }
  })

function cutAt(bytes: Buffer, points: readonly number[]): Buffer[] {
  const at = [0, ...points.map((point) => point % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end))
}

test('an answer', { timeout }, async () => {
  let read = 0
  let runs = 0
  await fc.assert(
    fc.asyncProperty(answers, fc.array(fc.nat(), { maxLength: 6 }), async ({ bytes, method }, points) => {
      runs++
      const ours = readByOurs([bytes], method)
      expect(readByOurs(cutAt(bytes, points), method)).toEqual(ours)
      if ('refused' in ours) return
      read++
      const { rest = 0, keepAliveSeconds: _, ...answer } = ours
      expect(await readByNode([bytes.subarray(0, bytes.length - rest)], method)).toEqual(answer)
    }),
    options,
  )
  // Otherwise nothing was compared.
  expect(read).toBeGreaterThan(runs / 10)
})
