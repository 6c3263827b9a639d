import type { TLSSocket } from 'node:tls'
import { describe, expect, test } from 'vitest'
import {
  answering,
  asText,
  cleanUpAfterEach,
  cleanups,
  fault,
  get,
  limits,
  nextTurn,
  openPool,
  type Serve,
  serve,
  sized,
} from '#dev/testing/fixtures/upstream-pool-fixture.ts'
import { startGatheringProxy } from '#dev/testing/network/raw-server.ts'
import { keep } from './recycled-blocks.ts'
import type { UpstreamError } from './upstream-error.ts'

cleanUpAfterEach()

describe('answers', () => {
  test('follow one another on one connection', async () => {
    const server = await serve(answering((request) => sized(request.split(' ')[1] ?? '')))
    const pool = openPool(server)
    for (const path of ['/a', '/b', '/c']) {
      expect(await asText(pool, path)).toBe(path)
      await nextTurn()
    }
    expect(server.received).toHaveLength(1)
    expect(server.received[0]).toBe(
      ['/a', '/b', '/c'].map((path) => `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n\r\n`).join(''),
    )
  })

  test('to concurrent requests go to the right callers', async () => {
    const server = await serve(answering((request) => sized((request.split(' ')[1] ?? '').repeat(5_000))))
    const pool = openPool(server)
    const paths = Array.from({ length: 40 }, (_, at) => `/${at}-`)
    expect(await Promise.all(paths.map((path) => asText(pool, path)))).toEqual(paths.map((path) => path.repeat(5_000)))
    expect(server.received).toHaveLength(4)
    expect(pool.size()).toEqual({ connections: 4, waiting: 0 })
  })

  test('without an announced end are complete once their connection ends', async () => {
    const server = await serve(answering((_request, socket) => void socket.end('HTTP/1.1 200 OK\r\n\r\nhello')))
    const pool = openPool(server)
    expect(await asText(pool)).toBe('hello')
    expect(pool.size().connections).toBe(0)
  })

  test('may follow interim answers, and come in chunks, byte by byte', async () => {
    const answer =
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nA: b\r\n\r\n'
    const server = await serve(
      answering((_request, socket) => {
        for (const byte of answer) socket.write(byte)
        return undefined
      }),
    )
    expect(await asText(openPool(server))).toBe('hello')
  })

  test('a body arrives as it is', async () => {
    const body = Buffer.alloc(300_000, 'abc')
    const server = await serve((socket, _index, heard) =>
      heard((text) => {
        if (text.length === text.indexOf('\r\n\r\n') + 4 + body.length) socket.write(sized('whole'))
      }),
    )
    const answer = await openPool(server).ask(get('/', { method: 'POST', body }), limits)
    expect(String(answer.body)).toBe('whole')
    expect(server.received[0]).toMatch(/\r\nContent-Length: 300000\r\n\r\n/)
    expect(server.received[0]?.endsWith(String(body))).toBe(true)
  })
})

describe('unrequested bytes end their connection', () => {
  const stolen = sized('stolen')

  test('on a connection that waits for its next request', async () => {
    const server = await serve(
      answering((_request, socket, connection) => {
        if (connection === 0) setTimeout(() => socket.write(stolen), 50)
        return sized('mine')
      }),
    )
    const pool = openPool(server)
    expect(await asText(pool)).toBe('mine')
    await expect.poll(() => pool.size().connections).toBe(0)
    expect(await asText(pool)).toBe('mine')
    expect(server.received).toHaveLength(2)
  })

  test('on a connection without a request yet', async () => {
    const server = await serve((socket) => void socket.write(stolen))
    expect(await fault(openPool(server).ask(get(), limits))).not.toContain('stolen')
  })

  test.each([
    { what: 'in one record', write: (socket: TLSSocket) => void socket.write(sized('mine') + stolen) },
    {
      what: 'in a separate record that arrives together with it',
      write(socket: TLSSocket) {
        socket.write(sized('mine'))
        socket.write(stolen)
      },
    },
    { what: 'as a single byte', write: (socket: TLSSocket) => void socket.write(`${sized('mine')}\n`) },
    { what: 'after 204', write: (socket: TLSSocket) => void socket.write(`HTTP/1.1 204 No\r\n\r\n${stolen}`) },
    { what: 'after 304', write: (socket: TLSSocket) => void socket.write(`HTTP/1.1 304 No\r\n\r\n${stolen}`) },
    {
      what: 'after chunks',
      write: (socket: TLSSocket) =>
        void socket.write(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nmine\r\n0\r\n\r\n${stolen}`),
    },
  ])('behind an answer: $what', async ({ write }) => {
    const server = await serve(
      answering((_request, socket, connection) => {
        if (connection > 0) return sized('clean')
        write(socket)
        return undefined
      }),
    )
    const proxy = await startGatheringProxy(server.port, 100)
    cleanups.push(() => proxy.close())
    const pool = openPool({ port: proxy.port, ca: server.ca })
    const { promise: second, resolve, reject } = Promise.withResolvers<string>()
    let first = ''
    pool.send(get(), undefined, {
      onHead() {},
      onBody(piece) {
        first += String(keep(piece))
      },
      onEnd: () => void asText(pool).then(resolve, reject),
      onError: reject,
    })
    expect(await second).toBe('clean')
    expect(['mine', '']).toContain(first)
    expect(server.received).toHaveLength(2)
    await expect.poll(() => pool.size().connections).toBe(1)
  })

  test('a body after HEAD goes to no one', async () => {
    const server = await serve(answering((request) => sized(request.startsWith('HEAD') ? 'stolen' : 'mine')))
    const pool = openPool(server)
    expect(await pool.ask(get('/', { method: 'HEAD' }), limits)).toMatchObject({ status: 200, body: Buffer.alloc(0) })
    expect(await asText(pool)).toBe('mine')
  })
})

describe('an answer with ambiguous framing is refused, and its connection closed', () => {
  test.each([
    ['both framings', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 6\r\n\r\nstolen'],
    ['a bare LF', 'HTTP/1.1 200 OK\nContent-Length: 1\n\nx'],
    ['a folded field', 'HTTP/1.1 200 OK\r\nA: b\r\n Content-Length: 5\r\nContent-Length: 1\r\n\r\nx'],
    ['a blank before the colon', 'HTTP/1.1 200 OK\r\nContent-Length : 1\r\n\r\nx'],
    ['another coding', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n'],
    ['a chunk of a wrong size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nstolen\r\n0\r\n\r\n'],
    ['a switch of protocols', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\nstolen'],
    ['announcements without end', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(1_000)],
    ['fields without end', `HTTP/1.1 200 OK\r\n${'A: b\r\n'.repeat(20_000)}`],
    ['no HTTP at all', 'SSH-2.0-OpenSSH_9.6\r\n'],
  ])('%s', async (_what, answer) => {
    const server = await serve(
      answering((_request, _socket, connection) => (connection === 0 ? answer : sized('clean'))),
    )
    const pool = openPool(server)
    expect(await fault(pool.ask(get(), limits))).toBe('malformed')
    expect(pool.size().connections).toBe(0)
    expect(await asText(pool)).toBe('clean')
  })
})

describe('an answer that breaks off', () => {
  test.each([
    ['before it began', ''],
    ['in its head', 'HTTP/1.1 200 OK\r\nContent-Le'],
    ['in its body', sized('hello').slice(0, -1)],
    ['in a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel'],
    ['before its last chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n'],
    ['in its trailers', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: b\r\n'],
  ])('%s is no answer', async (_what, begun) => {
    for (const how of ['end', 'reset'] as const) {
      const server = await serve(
        answering((_request, socket) => {
          if (how === 'end') socket.end(begun)
          else socket.write(begun, () => socket.destroy())
          return undefined
        }),
      )
      expect(await fault(openPool(server).ask(get(), limits)), how).toBe('closed')
      expect(server.received).toHaveLength(1)
    }
  })

  /** Serves one request on the first connection, and ends it at the second. */
  const fickle = (begun: string): Serve =>
    answering((request, socket, connection) => {
      if (connection > 0 || request.startsWith('GET /first')) return sized('clean')
      socket.end(begun)
      return undefined
    })

  test('on a reused connection, before it began, is requested once more', async () => {
    const server = await serve(fickle(''))
    const pool = openPool(server)
    await asText(pool, '/first')
    await nextTurn()
    expect(await asText(pool, '/second')).toBe('clean')
    expect(server.received).toHaveLength(2)
    expect(server.received[1]).toMatch(/^GET \/second /)
  })

  test.each([
    ['a change', get('/', { method: 'POST', body: Buffer.from('{}') }), ''],
    ['a change without a body', get('/', { method: 'DELETE' }), ''],
    ['one that was partly received', get(), 'H'],
  ])('%s is never requested again', async (_what, request, begun) => {
    const server = await serve(fickle(begun))
    const pool = openPool(server)
    await asText(pool, '/first')
    await nextTurn()
    expect(await fault(pool.ask(request, limits))).toBe('closed')
    expect(server.received).toHaveLength(1)
  })

  test('twice is not requested a third time', async () => {
    const server = await serve(
      answering((request, socket) => {
        if (request.startsWith('GET /first')) return sized('clean')
        socket.end()
        return undefined
      }),
    )
    const pool = openPool(server)
    await asText(pool, '/first')
    await nextTurn()
    expect(await fault(pool.ask(get(), limits))).toBe('closed')
    expect(server.received).toHaveLength(2)
  })
})

describe('an answer that comes before its request was read', () => {
  test('counts, and its connection is not reused', async () => {
    const server = await serve((socket, index) => {
      if (index === 0) socket.pause().write('HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno')
      else socket.write(sized('clean'))
    })
    const proxyless = openPool(server)
    const body = Buffer.alloc(32 * 1024 * 1024)
    const heads: number[] = []
    const ended = Promise.withResolvers<void>()
    proxyless.send(get('/', { method: 'POST', body }), undefined, {
      onHead: ({ status }) => void heads.push(status),
      onBody: (piece) => piece.release(),
      onEnd: ended.resolve,
      onError: ended.reject,
    })
    // Bytes before the request was sent were not requested; later ones are an answer, and the rest is never sent.
    await ended.promise.catch((error: UpstreamError) => expect(error.fault).toBe('closed'))
    await nextTurn()
    expect(proxyless.size().connections).toBe(0)
  })

  test('is passed on while its request is still being sent', async () => {
    const server = await serve((socket, index, heard) => {
      let answered = false
      heard(() => {
        if (index > 0 || answered) return
        answered = true
        socket.pause().write('HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno')
      })
    })
    const pool = openPool(server)
    const answer = await pool.ask(get('/', { method: 'POST', body: Buffer.alloc(32 * 1024 * 1024) }), limits)
    expect(answer).toEqual({ status: 413, body: Buffer.from('no') })
    await nextTurn()
    expect(pool.size().connections).toBe(0)
  })
})
