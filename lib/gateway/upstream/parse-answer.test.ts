import { describe, expect, test } from 'vitest'
import { everySplit, readByNode, readByOurs } from './answer-fixture.ts'

const ok = 'HTTP/1.1 200 OK\r\n'
const chunked = `${ok}Transfer-Encoding: chunked\r\n\r\n`

/** Answers that both clients accept, with the same result. */
const alike: readonly { what: string; method?: string; answer: string }[] = [
  { what: 'with a length', answer: `${ok}Content-Length: 5\r\n\r\nhello` },
  {
    what: 'of the API server',
    answer: `${ok}Audit-Id: 1-2\r\nCache-Control: no-cache, private\r\nContent-Type: application/json\r\nX-Kubernetes-Pf-Flowschema-Uid: a\r\nDate: Thu, 26 Nov 2026 05:00:00 GMT\r\nContent-Length: 2\r\n\r\n{}`,
  },
  { what: 'with no body', answer: `${ok}Content-Length: 0\r\n\r\n` },
  { what: 'without fields, until the connection ends', answer: `${ok}\r\nhello` },
  { what: 'in chunks', answer: `${chunked}5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n` },
  { what: 'in chunks with capital and leading digits', answer: `${chunked}000A\r\n0123456789\r\n0\r\n\r\n` },
  { what: 'in chunks with extensions', answer: `${chunked}5;a=b;c="d"\r\nhello\r\n0;e\r\n\r\n` },
  {
    what: 'in chunks with trailers',
    answer: `${ok}Trailer: A\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nA: b\r\nC: d\r\n\r\n`,
  },
  { what: 'in chunks that hold line ends', answer: `${chunked}6\r\n\r\n0\r\n\r\r\n0\r\n\r\n` },
  { what: 'in no chunks', answer: `${chunked}0\r\n\r\n` },
  { what: 'in CHUNKED chunks', answer: `${ok}transfer-encoding: Chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n` },
  { what: 'after 100', answer: `HTTP/1.1 100 Continue\r\n\r\n${ok}Content-Length: 1\r\n\r\nx` },
  {
    what: 'after 103 with fields',
    answer: `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${ok}Content-Length: 1\r\n\r\nx`,
  },
  { what: 'after 102, twice', answer: `${'HTTP/1.1 102 Processing\r\n\r\n'.repeat(2)}${ok}Content-Length: 1\r\n\r\nx` },
  { what: '204', answer: 'HTTP/1.1 204 No Content\r\n\r\n' },
  {
    what: '304 with the length that it would have',
    answer: 'HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\nETag: "x"\r\n\r\n',
  },
  { what: 'to HEAD, with a length', method: 'HEAD', answer: `${ok}Content-Length: 9\r\n\r\n` },
  { what: 'to HEAD, in chunks', method: 'HEAD', answer: `${chunked}` },
  { what: 'to HEAD, of no length', method: 'HEAD', answer: `${ok}\r\n` },
  { what: 'that refuses', answer: 'HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\n{}' },
  { what: 'of HTTP/1.0', answer: 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}' },
  { what: 'of HTTP/1.0 until the connection ends', answer: 'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\n{}' },
  { what: 'without a reason', answer: 'HTTP/1.1 200 \r\nContent-Length: 1\r\n\r\nx' },
  { what: 'with neither reason nor blank', answer: 'HTTP/1.1 200\r\nContent-Length: 1\r\n\r\nx' },
  { what: 'with an unknown status', answer: 'HTTP/1.1 599 Strange thing\r\nContent-Length: 1\r\n\r\nx' },
  { what: 'with blanks around values', answer: `${ok}A: \t b c \t \r\nContent-Length:\t1 \r\nE:\r\n\r\nx` },
  { what: 'with bytes beyond ASCII', answer: `${ok}A: \xe4\xf6\xfc \xa0\r\nContent-Length: 3\r\n\r\n\xff\x00\x80` },
  {
    what: 'with one field several times',
    answer: `${ok}Warning: 299 a\r\nWARNING: 299 b\r\nContent-Length: 0\r\n\r\n`,
  },
  { what: 'that ends its connection', answer: `${ok}Connection: close\r\nContent-Length: 1\r\n\r\nx` },
  { what: 'with odd names', answer: `${ok}!#$%&'*+-.^_\`|~9z: x\r\nContent-Length: 0\r\n\r\n` },
]

describe.each(alike)('an answer $what', ({ answer, method }) => {
  test('is read as Node’s own client reads it, wherever it is cut', async () => {
    const bytes = Buffer.from(answer, 'latin1')
    const whole = await readByNode([bytes], method)
    expect(whole).not.toHaveProperty('refused')
    for (const pieces of everySplit(bytes)) {
      const cut = `cut at ${pieces[0]?.length}`
      expect(await readByNode(pieces, method), cut).toEqual(whole)
      expect(readByOurs(pieces, method), cut).toEqual({
        ...whole,
        rest: 0,
        keepAliveSeconds: expect.any(Number),
      })
    }
  })

  test('is never taken for complete too early', () => {
    const bytes = Buffer.from(answer, 'latin1')
    const untilClose = !/content-length|transfer-encoding/i.test(answer) && !/ 204 /.test(answer) && method !== 'HEAD'
    const end = untilClose ? answer.indexOf('\r\n\r\n') + 4 : bytes.length
    for (let length = 0; length < end; length++)
      expect(readByOurs([bytes.subarray(0, length)], method), `${length} bytes`).toHaveProperty('refused')
  })
})

/** Each is named after its attack: two readers could see different ends, or different fields. */
const refused: readonly { what: string; answer: string; method?: string; fault: string; nodeTakesIt?: true }[] = [
  {
    what: 'both framings',
    answer: `${ok}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    fault: 'framing',
  },
  {
    what: 'both framings, the other way round',
    answer: `${ok}Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n`,
    fault: 'framing',
  },
  { what: 'two lengths', answer: `${ok}Content-Length: 1\r\nContent-Length: 2\r\n\r\nxy`, fault: 'framing' },
  { what: 'the same length twice', answer: `${ok}Content-Length: 1\r\nContent-Length: 1\r\n\r\nx`, fault: 'framing' },
  { what: 'a list of lengths', answer: `${ok}Content-Length: 1, 1\r\n\r\nx`, fault: 'framing' },
  { what: 'a length with a sign', answer: `${ok}Content-Length: +1\r\n\r\nx`, fault: 'framing' },
  { what: 'a negative length', answer: `${ok}Content-Length: -1\r\n\r\nx`, fault: 'framing' },
  { what: 'a length in hexadecimal', answer: `${ok}Content-Length: 0x1\r\n\r\nx`, fault: 'framing' },
  { what: 'an empty length', answer: `${ok}Content-Length: \r\n\r\nx`, fault: 'framing' },
  {
    what: 'a length beyond all numbers',
    answer: `${ok}Content-Length: 99999999999999999999\r\n\r\nx`,
    fault: 'framing',
  },
  {
    what: 'a length with a blank in it',
    answer: `${ok}Content-Length: 1 1\r\n\r\n${'x'.repeat(11)}`,
    fault: 'framing',
  },
  { what: 'another coding', answer: `${ok}Transfer-Encoding: gzip\r\n\r\nx`, fault: 'framing', nodeTakesIt: true },
  {
    what: 'a coding before chunked',
    answer: `${ok}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
    fault: 'framing',
    nodeTakesIt: true,
  },
  {
    what: 'chunked and identity',
    answer: `${ok}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
    fault: 'framing',
    nodeTakesIt: true,
  },
  {
    what: 'chunked twice',
    answer: `${ok}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    fault: 'framing',
    nodeTakesIt: true,
  },
  {
    what: 'xchunked',
    answer: `${ok}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
    fault: 'framing',
    nodeTakesIt: true,
  },
  {
    what: 'chunked after a vertical tab',
    answer: `${ok}Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n`,
    fault: 'field',
  },
  {
    what: 'chunks in HTTP/1.0',
    answer: 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    fault: 'framing',
    nodeTakesIt: true,
  },
  { what: 'a bare LF after the status line', answer: 'HTTP/1.1 200 OK\nContent-Length: 1\r\n\r\nx', fault: 'field' },
  { what: 'a bare LF after a field', answer: `${ok}Content-Length: 1\n\r\nx`, fault: 'field' },
  { what: 'a bare LF for the empty line', answer: `${ok}Content-Length: 1\r\n\nx`, fault: 'field' },
  { what: 'a bare CR in a value', answer: `${ok}A: b\rContent-Length: 1\r\n\r\nx`, fault: 'field' },
  { what: 'CR CR LF', answer: `${ok}Content-Length: 1\r\r\n\r\nx`, fault: 'field' },
  { what: 'a bare CR in the reason', answer: 'HTTP/1.1 200 O\rK\r\nContent-Length: 1\r\n\r\nx', fault: 'status line' },
  {
    what: 'a folded field',
    answer: `${ok}A: b\r\n c\r\nContent-Length: 1\r\n\r\nx`,
    fault: 'field',
  },
  { what: 'a first field that is folded', answer: `${ok} A: b\r\nContent-Length: 1\r\n\r\nx`, fault: 'field' },
  { what: 'a blank before the colon', answer: `${ok}Content-Length : 1\r\n\r\nx`, fault: 'field' },
  { what: 'a blank in a name', answer: `${ok}Content Length: 1\r\n\r\nx`, fault: 'field' },
  { what: 'no name', answer: `${ok}: 1\r\nContent-Length: 1\r\n\r\nx`, fault: 'field' },
  { what: 'no colon', answer: `${ok}Content-Length\r\n\r\nx`, fault: 'field' },
  { what: 'a name beyond ASCII', answer: `${ok}\xc4: 1\r\nContent-Length: 1\r\n\r\nx`, fault: 'field' },
  { what: 'a name in parentheses', answer: `${ok}(A): 1\r\nContent-Length: 1\r\n\r\nx`, fault: 'field' },
  { what: 'NUL in a value', answer: `${ok}A: b\0c\r\nContent-Length: 1\r\n\r\nx`, fault: 'field' },
  { what: 'NUL in a name', answer: `${ok}A\0: b\r\nContent-Length: 1\r\n\r\nx`, fault: 'field' },
  { what: 'a control character in a value', answer: `${ok}A: b\x01\r\nContent-Length: 1\r\n\r\nx`, fault: 'field' },
  { what: 'DEL in a value', answer: `${ok}A: b\x7f\r\nContent-Length: 1\r\n\r\nx`, fault: 'field' },
  { what: 'a later version', answer: 'HTTP/1.2 200 OK\r\nContent-Length: 1\r\n\r\nx', fault: 'status line' },
  { what: 'HTTP/2', answer: 'HTTP/2.0 200 OK\r\nContent-Length: 1\r\n\r\nx', fault: 'status line', nodeTakesIt: true },
  { what: 'HTTP/0.9', answer: 'hello\r\n\r\n', fault: 'status line' },
  { what: 'a version in lower case', answer: 'http/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx', fault: 'status line' },
  {
    what: 'another protocol',
    answer: 'RTSP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx',
    fault: 'status line',
    nodeTakesIt: true,
  },
  { what: 'a status of two digits', answer: 'HTTP/1.1 20 OK\r\nContent-Length: 1\r\n\r\nx', fault: 'status line' },
  { what: 'a status of four digits', answer: 'HTTP/1.1 2000 OK\r\nContent-Length: 1\r\n\r\nx', fault: 'status line' },
  {
    what: 'a status beyond 599',
    answer: 'HTTP/1.1 600 OK\r\nContent-Length: 1\r\n\r\nx',
    fault: 'status line',
    nodeTakesIt: true,
  },
  {
    what: 'a status below 100',
    answer: 'HTTP/1.1 099 OK\r\nContent-Length: 1\r\n\r\nx',
    fault: 'status line',
    nodeTakesIt: true,
  },
  {
    what: 'two blanks before the status',
    answer: 'HTTP/1.1  200 OK\r\nContent-Length: 1\r\n\r\nx',
    fault: 'status line',
  },
  {
    what: 'an empty line first',
    answer: `\r\n${ok}Content-Length: 1\r\n\r\nx`,
    fault: 'status line',
    nodeTakesIt: true,
  },
  { what: 'a blank first', answer: ` ${ok}Content-Length: 1\r\n\r\nx`, fault: 'status line' },
  { what: 'a request instead', answer: 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', fault: 'status line' },
  {
    what: 'an unrequested 101',
    answer: 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n',
    fault: 'interim',
  },
  {
    what: 'an announcement in HTTP/1.0',
    answer: `HTTP/1.0 100 Continue\r\n\r\n${ok}A: b\r\n\r\nx`,
    fault: 'interim',
  },
  {
    what: 'too many that announce another',
    answer: `${'HTTP/1.1 100 Continue\r\n\r\n'.repeat(9)}${ok}Content-Length: 1\r\n\r\nx`,
    fault: 'interim',
    nodeTakesIt: true,
  },
  {
    what: '100 with a length',
    answer: `HTTP/1.1 100 Continue\r\nContent-Length: 1\r\n\r\nx${ok}Content-Length: 1\r\n\r\nx`,
    fault: 'framing',
  },
  {
    what: '103 in chunks',
    answer: `HTTP/1.1 103 Early Hints\r\nTransfer-Encoding: chunked\r\n\r\n${ok}Content-Length: 1\r\n\r\nx`,
    fault: 'framing',
    nodeTakesIt: true,
  },
  { what: 'a chunk of no size', answer: `${chunked}\r\n\r\n`, fault: 'chunk' },
  { what: 'a chunk size that is none', answer: `${chunked}g\r\n\r\n`, fault: 'chunk' },
  { what: 'a chunk size with a prefix', answer: `${chunked}0x1\r\nx\r\n0\r\n\r\n`, fault: 'chunk' },
  { what: 'a chunk size with a sign', answer: `${chunked}-1\r\nx\r\n0\r\n\r\n`, fault: 'chunk' },
  { what: 'a chunk size after a blank', answer: `${chunked} 1\r\nx\r\n0\r\n\r\n`, fault: 'chunk' },
  { what: 'a chunk size before a blank', answer: `${chunked}1 \r\nx\r\n0\r\n\r\n`, fault: 'chunk' },
  {
    what: 'a chunk size of too many digits',
    answer: `${chunked}0000000000001\r\nx\r\n0\r\n\r\n`,
    fault: 'chunk',
    nodeTakesIt: true,
  },
  { what: 'a chunk size beyond all numbers', answer: `${chunked}fffffffffffffffff\r\nx`, fault: 'chunk' },
  { what: 'a chunk size with a bare LF', answer: `${chunked}1\nx\r\n0\r\n\r\n`, fault: 'chunk' },
  { what: 'a chunk size with a bare CR', answer: `${chunked}1\rx\r\n0\r\n\r\n`, fault: 'chunk' },
  { what: 'a chunk extension with a bare LF', answer: `${chunked}1;a\nx\r\n0\r\n\r\n`, fault: 'chunk' },
  { what: 'a chunk extension with a control character', answer: `${chunked}1;a\0\r\nx\r\n0\r\n\r\n`, fault: 'chunk' },
  { what: 'a chunk that is longer than its size', answer: `${chunked}1\r\nxy\r\n0\r\n\r\n`, fault: 'chunk' },
  { what: 'a chunk that ends with a bare LF', answer: `${chunked}1\r\nx\n0\r\n\r\n`, fault: 'chunk' },
  { what: 'a chunk that ends with CR CR', answer: `${chunked}1\r\nx\r\r\n0\r\n\r\n`, fault: 'chunk' },
  { what: 'a trailer that is no field', answer: `${chunked}0\r\nno field\r\n\r\n`, fault: 'field' },
  { what: 'a length among the trailers', answer: `${chunked}0\r\nContent-Length: 1\r\n\r\n`, fault: 'framing' },
  {
    what: 'a coding among the trailers',
    answer: `${chunked}0\r\nTransfer-Encoding: chunked\r\n\r\n`,
    fault: 'framing',
    nodeTakesIt: true,
  },
  { what: 'a trailer with a bare LF', answer: `${chunked}0\r\nA: b\n\r\n`, fault: 'field' },
  { what: 'a folded trailer', answer: `${chunked}0\r\nA: b\r\n c\r\n\r\n`, fault: 'field' },
]

describe.each(refused)('an answer with $what', ({ answer, method, fault, nodeTakesIt }) => {
  test('is refused, wherever it is cut', async () => {
    const bytes = Buffer.from(answer, 'latin1')
    for (const pieces of everySplit(bytes))
      expect(readByOurs(pieces, method), `cut at ${pieces[0]?.length}`).toEqual({ refused: fault })
    const byNode = await readByNode([bytes], method)
    // The table marks where Node is less strict.
    if (nodeTakesIt) expect(byNode).not.toHaveProperty('refused')
    else expect(byNode).toHaveProperty('refused')
  })
})

describe('bounds', () => {
  const read = (text: string) => readByOurs([Buffer.from(text, 'latin1')])
  const pieceByPiece = (text: string) =>
    readByOurs(
      Array.from({ length: Math.ceil(text.length / 1_000) }, (_, at) =>
        Buffer.from(text.slice(at * 1_000, (at + 1) * 1_000), 'latin1'),
      ),
    )

  test('a head of 64 kB is read, and none above that', () => {
    const head = (bytes: number) => {
      const rest = 'Content-Length: 0\r\n\r\n'
      return `${ok}A: ${'x'.repeat(bytes - ok.length - rest.length - 5)}\r\n${rest}`
    }
    for (const by of [read, pieceByPiece]) {
      expect(by(head(65_536))).toMatchObject({ status: 200 })
      expect(by(head(65_537))).toEqual({ refused: 'too large' })
    }
    expect(pieceByPiece(`HTTP/1.1 200 ${'x'.repeat(70_000)}`)).toEqual({ refused: 'too large' })
  })

  test('256 fields are read, and no more', () => {
    const fields = (count: number) => `${ok}${'A: b\r\n'.repeat(count - 1)}Content-Length: 0\r\n\r\n`
    expect(read(fields(256))).toMatchObject({ status: 200 })
    expect(read(fields(257))).toEqual({ refused: 'too large' })
  })

  test('trailers have the same limits', () => {
    const trailers = (count: number) => `${chunked}0\r\n${'A: b\r\n'.repeat(count)}\r\n`
    expect(read(trailers(256))).toMatchObject({ status: 200 })
    expect(read(trailers(257))).toEqual({ refused: 'too large' })
    expect(pieceByPiece(`${chunked}0\r\nA: ${'x'.repeat(70_000)}\r\n\r\n`)).toEqual({ refused: 'too large' })
  })

  test('a chunk extension may have 256 bytes, and no more', () => {
    const extended = (bytes: number) => `${chunked}1;${'x'.repeat(bytes)}\r\nx\r\n0\r\n\r\n`
    expect(read(extended(256))).toMatchObject({ body: 'x' })
    expect(read(extended(257))).toEqual({ refused: 'chunk' })
  })

  test('eight interim answers are read, and no more', () => {
    expect(read(`${'HTTP/1.1 100 Continue\r\n\r\n'.repeat(8)}${ok}Content-Length: 1\r\n\r\nx`)).toMatchObject({
      body: 'x',
    })
  })
})

describe('bytes after the end of an answer belong to none', () => {
  const next = `${ok}Content-Length: 6\r\n\r\nstolen`
  test.each([
    { what: 'of a length', answer: `${ok}Content-Length: 1\r\n\r\nx`, body: 'x' },
    { what: 'of no length', answer: `${ok}Content-Length: 0\r\n\r\n`, body: '' },
    { what: 'in chunks', answer: `${chunked}1\r\nx\r\n0\r\n\r\n`, body: 'x' },
    { what: '204', answer: 'HTTP/1.1 204 No Content\r\n\r\n', body: '' },
    { what: '304', answer: 'HTTP/1.1 304 Not Modified\r\n\r\n', body: '' },
    { what: 'to HEAD', method: 'HEAD', answer: `${ok}Content-Length: 1\r\n\r\n`, body: '' },
  ])('$what', ({ answer, body, method }) => {
    for (const pieces of everySplit(Buffer.from(answer + next, 'latin1')))
      expect(readByOurs(pieces, method)).toMatchObject({ body, rest: next.length })
  })
})

describe('whether the connection may be used again', () => {
  const seconds = (text: string, method?: string) => readByOurs([Buffer.from(text, 'latin1')], method)
  test.each([
    { what: 'after a length', answer: `${ok}Content-Length: 0\r\n\r\n`, expected: Number.POSITIVE_INFINITY },
    { what: 'after chunks', answer: `${chunked}0\r\n\r\n`, expected: Number.POSITIVE_INFINITY },
    { what: 'after 204', answer: 'HTTP/1.1 204 x\r\n\r\n', expected: Number.POSITIVE_INFINITY },
    {
      what: 'for as long as is said',
      answer: `${ok}Keep-Alive: timeout=5, max=9\r\nContent-Length: 0\r\n\r\n`,
      expected: 5,
    },
    { what: 'not when it is closed', answer: `${ok}Connection: close\r\nContent-Length: 0\r\n\r\n`, expected: 0 },
    {
      what: 'not when it is closed among others',
      answer: `${ok}Connection: x, CLOSE\r\nContent-Length: 0\r\n\r\n`,
      expected: 0,
    },
    {
      what: 'not in HTTP/1.0, whatever it says',
      answer: 'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n',
      expected: 0,
    },
    { what: 'not after a body without an end', answer: `${ok}\r\nx`, expected: 0 },
    { what: 'not after 304 that announced a body', answer: 'HTTP/1.1 304 x\r\nContent-Length: 5\r\n\r\n', expected: 0 },
    {
      what: 'not after HEAD, because some servers send a body',
      method: 'HEAD',
      answer: `${ok}Content-Length: 5\r\n\r\n`,
      expected: 0,
    },
  ])('$what', ({ answer, method, expected }) => {
    expect(seconds(answer, method)).toMatchObject({ keepAliveSeconds: expected })
  })
})

describe('an upgrade', () => {
  const agreed = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'
  test('hands over all following bytes, wherever they are cut', () => {
    for (const pieces of everySplit(Buffer.from(`${agreed}frames`, 'latin1')))
      expect(readByOurs(pieces, 'GET', true)).toMatchObject({ status: 101, body: '', rest: 6 })
  })
  test('may be refused by an ordinary answer', () => {
    const pieces = [Buffer.from(`HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\n{}`)]
    expect(readByOurs(pieces, 'GET', true)).toMatchObject({ status: 403, body: '{}', rest: 0 })
  })
  test('is not accepted with a body, nor in HTTP/1.0', () => {
    const answers = [
      'HTTP/1.1 101 x\r\nContent-Length: 1\r\n\r\nx',
      'HTTP/1.1 101 x\r\nTransfer-Encoding: chunked\r\n\r\n',
      'HTTP/1.0 101 x\r\n\r\n',
    ]
    for (const answer of answers) expect(readByOurs([Buffer.from(answer)], 'GET', true)).toHaveProperty('refused')
  })
})
