import { once } from 'node:events'
import net from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { TLSSocket, TlsOptions } from 'node:tls'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { listenAnywhere, type RawServer, startGatheringProxy, startRawServer } from '#dev/testing/raw-server.ts'
import { blockBytes, createRecycledBlocks, keep, type Piece } from './recycled-blocks.ts'
import type { UpstreamRequest } from './render-request.ts'
import type { UpstreamError } from './upstream-error.ts'
import { createUpstreamPool, type PoolOptions, type UpstreamPool } from './upstream-pool.ts'

/** Against an API server that lies, stalls and breaks off. */
const cleanups: (() => unknown)[] = []
afterEach(async () => {
  vi.useRealTimers()
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

type Serve = Parameters<typeof startRawServer>[0]

async function serve(answer: Serve, options: TlsOptions = {}): Promise<RawServer> {
  const server = await startRawServer(answer, options)
  cleanups.push(() => server.close())
  return server
}

function openPool({ port, ca }: { port: number; ca: Buffer }, changed: Partial<PoolOptions> = {}): UpstreamPool {
  const pool = createUpstreamPool({
    authority: `127.0.0.1:${port}`,
    connection: { host: '127.0.0.1', port, ca },
    blocks: createRecycledBlocks(),
    maxConnections: 4,
    idleSeconds: 45,
    ...changed,
  })
  cleanups.push(() => pool.close())
  return pool
}

const get = (path = '/', changed: Partial<UpstreamRequest> = {}): UpstreamRequest => ({
  method: 'GET',
  path,
  fields: [],
  body: null,
  ...changed,
})
const limits = { withinMs: 30_000, maxBytes: 64 * 1024 * 1024 }
const fault = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    (answer) => `answered ${JSON.stringify(answer)}`,
    (error: UpstreamError) => error.fault,
  )
const sized = (body: string, more = '') => `HTTP/1.1 200 OK\r\n${more}Content-Length: ${body.length}\r\n\r\n${body}`

/** Answers each request with what `answer` says; undefined: not at all. */
const answering =
  (answer: (request: string, socket: TLSSocket, connection: number) => string | undefined): Serve =>
  (socket, index, heard) => {
    let seen = 0
    heard((text) => {
      for (;;) {
        const end = text.indexOf('\r\n\r\n', seen)
        if (end < 0) return
        const written = answer(text.slice(seen, end), socket, index)
        seen = end + 4
        if (written !== undefined) socket.write(written, 'latin1')
      }
    })
  }

async function asText(pool: UpstreamPool, path = '/'): Promise<string> {
  return String((await pool.ask(get(path), limits)).body)
}
/** Until what has served is free again. */
const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

describe('answers', () => {
  test('come one after the other on one connection', async () => {
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

  test('at a time go to those who asked', async () => {
    const server = await serve(answering((request) => sized((request.split(' ')[1] ?? '').repeat(5_000))))
    const pool = openPool(server)
    const paths = Array.from({ length: 40 }, (_, at) => `/${at}-`)
    expect(await Promise.all(paths.map((path) => asText(pool, path)))).toEqual(paths.map((path) => path.repeat(5_000)))
    expect(server.received).toHaveLength(4)
    expect(pool.size()).toEqual({ connections: 4, waiting: 0 })
  })

  test('without an announced end are whole once their connection ends', async () => {
    const server = await serve(answering((_request, socket) => void socket.end('HTTP/1.1 200 OK\r\n\r\nhello')))
    const pool = openPool(server)
    expect(await asText(pool)).toBe('hello')
    expect(pool.size().connections).toBe(0)
  })

  test('may be announced, and come in chunks, byte by byte', async () => {
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

describe('bytes that nobody asked for end their connection', () => {
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
    await vi.waitFor(() => expect(pool.size().connections).toBe(0))
    expect(await asText(pool)).toBe('mine')
    expect(server.received).toHaveLength(2)
  })

  test('on a connection that has not been asked anything yet', async () => {
    const server = await serve((socket) => void socket.write(stolen))
    expect(await fault(openPool(server).ask(get(), limits))).not.toContain('stolen')
  })

  test.each([
    { what: 'in one record', write: (socket: TLSSocket) => void socket.write(sized('mine') + stolen) },
    {
      what: 'in a record of their own that arrives together with it',
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
    // The next request is there at the very moment at which the answer ends.
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
    await vi.waitFor(() => expect(pool.size().connections).toBe(1))
  })

  test('a body after HEAD is nobody’s', async () => {
    const server = await serve(answering((request) => sized(request.startsWith('HEAD') ? 'stolen' : 'mine')))
    const pool = openPool(server)
    expect(await pool.ask(get('/', { method: 'HEAD' }), limits)).toMatchObject({ status: 200, body: Buffer.alloc(0) })
    expect(await asText(pool)).toBe('mine')
  })
})

describe('what can’t be framed is refused, with its connection', () => {
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
  ])('%s is none', async (_what, begun) => {
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

  test('on a connection that had served, before it began, is asked for once more', async () => {
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
    ['one of which something came', get(), 'H'],
  ])('%s is never asked for again', async (_what, request, begun) => {
    const server = await serve(fickle(begun))
    const pool = openPool(server)
    await asText(pool, '/first')
    await nextTurn()
    expect(await fault(pool.ask(request, limits))).toBe('closed')
    expect(server.received).toHaveLength(1)
  })

  test('twice is not asked for a third time', async () => {
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
  test('counts, and its connection is not used again', async () => {
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
    // What came before the request was sent was not asked for; otherwise it is an answer, and the rest is never sent.
    await ended.promise.catch((error: UpstreamError) => expect(error.fault).toBe('closed'))
    expect(proxyless.size().connections).toBe(0)
  })

  test('is handed on although its request is still being sent', async () => {
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
    expect(pool.size().connections).toBe(0)
  })
})

describe('back-pressure', () => {
  const pattern = (seed: number) => Buffer.alloc(8 * 1024 * 1024, `${seed}-abcdefghijklmnopqrstuvwxyz`)

  test('an answer that is not taken is not read, and is whole once it is', async () => {
    const body = pattern(1)
    let left = 0
    const server = await serve(
      answering((_request, socket) => {
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`)
        socket.write(body)
        left = socket.writableLength
        setInterval(() => (left = socket.writableLength), 20).unref()
        return undefined
      }),
    )
    const pool = openPool(server)
    const chunks: Buffer[] = []
    const ended = Promise.withResolvers<void>()
    const sent = pool.send(get(), undefined, {
      onHead: () => sent.pause(),
      onBody: (piece) => void chunks.push(keep(piece)),
      onEnd: ended.resolve,
      onError: ended.reject,
    })
    await vi.waitFor(() => expect(chunks.length).toBeGreaterThan(0))
    let before = -1
    // Until all buffers on the way are full.
    await vi.waitFor(
      () => {
        const stalled = left === before
        before = left
        expect(stalled).toBe(true)
      },
      { interval: 200, timeout: 30_000 },
    )
    const taken = Buffer.concat(chunks).length
    expect(taken).toBeLessThan(256 * 1024)
    sent.resume()
    await ended.promise
    expect(Buffer.concat(chunks).equals(body)).toBe(true)
  })

  test('no block is used again while what is in it still has to be written', async () => {
    const server = await serve((socket, _index, heard) => {
      heard((text) => {
        const seed = Number(/GET \/(\d+)/.exec(text)?.[1])
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${8 * 1024 * 1024}\r\n\r\n`)
        socket.write(pattern(seed))
      })
    })
    const blocks = createRecycledBlocks()
    const pool = openPool(server, { blocks, maxConnections: 8 })
    /** A client that writes each piece late, and some of them at once. */
    const takeLate = (seed: number): Promise<void> => {
      const ended = Promise.withResolvers<void>()
      const expected = pattern(seed)
      let at = 0
      let held: Piece[] = []
      const check = () => {
        for (const { bytes, release } of held.map((piece) => ({
          bytes: piece.bytes,
          release: () => piece.release(),
        }))) {
          if (!bytes.equals(expected.subarray(at, at + bytes.length))) ended.reject(new Error(`other bytes at ${at}`))
          at += bytes.length
          release()
          release()
        }
        held = []
      }
      const sent = pool.send(get(`/${seed}`), undefined, {
        onHead() {},
        onBody(piece) {
          held.push(piece)
          if (held.length < 4) return
          sent.pause()
          setTimeout(() => {
            check()
            sent.resume()
          }, 1)
        },
        onEnd() {
          setTimeout(() => {
            check()
            if (at === expected.length) ended.resolve()
            else ended.reject(new Error(`${at} bytes`))
          }, 5)
        },
        onError: ended.reject,
      })
      return ended.promise
    }
    await Promise.all(Array.from({ length: 8 }, (_, seed) => takeLate(seed)))
    expect(blocks.free()).toBeGreaterThan(0)
    expect(blocks.free()).toBeLessThanOrEqual(64)
  })

  test('pieces are full blocks when much comes at once, and are not held back when little comes', async () => {
    const more = Promise.withResolvers<void>()
    const server = await serve(
      answering((_request, socket) => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        socket.write('first')
        void more.promise.then(() => socket.end(Buffer.alloc(1024 * 1024)))
        return undefined
      }),
    )
    const pool = openPool(server)
    const sizes: number[] = []
    const ended = Promise.withResolvers<void>()
    pool.send(get(), undefined, {
      onHead() {},
      onBody(piece) {
        sizes.push(piece.bytes.length)
        piece.release()
        more.resolve()
      },
      onEnd: ended.resolve,
      onError: ended.reject,
    })
    await ended.promise
    expect(sizes[0]).toBe(5)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(blockBytes)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(5 + 1024 * 1024)
  })
})

describe('a connection', () => {
  test('is not trusted with another authority’s certificate, and hears no request', async () => {
    const listening: Serve = (_socket, _index, heard) => heard(() => {})
    const [server, other] = [await serve(listening), await serve(listening)]
    expect(await fault(openPool({ port: server.port, ca: other.ca }).ask(get(), limits))).toBe('connect')
    expect(server.received.join('')).toBe('')
  })

  test('is not trusted with a certificate for another name, and hears no request', async () => {
    const server = await serve((_socket, _index, heard) => heard(() => {}))
    const connection = { host: '127.0.0.1', port: server.port, ca: server.ca, servername: 'api.example' }
    expect(await fault(openPool(server, { connection }).ask(get(), limits))).toBe('connect')
    expect(server.received.join('')).toBe('')
  })

  test('that is refused is told', async () => {
    const server = await serve(() => {})
    await server.close()
    cleanups.pop()
    expect(await fault(openPool(server).ask(get(), limits))).toBe('connect')
  })

  test('resumes the TLS session of one before', async () => {
    const reused: boolean[] = []
    const server = await serve((socket, _index, heard) => {
      reused.push(socket.isSessionReused())
      heard(() => socket.end(sized('x', 'Connection: close\r\n')))
    })
    const pool = openPool(server)
    await asText(pool)
    // The ticket comes after the answer.
    await delay(100)
    await asText(pool)
    await asText(pool)
    expect(reused).toContain(true)
  })

  test('that the other side negotiates again sends nothing again', async () => {
    const server = await serve(
      (socket, _index, heard) => {
        let asked = false
        heard((text) => {
          if (asked || !text.endsWith('change')) return
          asked = true
          socket.renegotiate({}, async () => {
            // What is sent again comes with the end of the handshake.
            await delay(100)
            socket.end(sized('done', 'Connection: close\r\n'))
          })
        })
      },
      { maxVersion: 'TLSv1.2' },
    )
    const change = get('/', { method: 'POST', body: Buffer.from('change') })
    expect(String((await openPool(server).ask(change, limits)).body)).toBe('done')
    expect(server.received.join('').split('POST').length - 1).toBe(1)
  })

  test('is not held up by who has taken their answer from it', async () => {
    const server = await serve(answering(() => sized('x')))
    const pool = openPool(server)
    const ended = Promise.withResolvers<void>()
    const sent = pool.send(get(), undefined, {
      onHead() {},
      onBody: (piece) => piece.release(),
      onEnd() {
        sent.pause()
        ended.resolve()
      },
      onError: ended.reject,
    })
    await ended.promise
    await nextTurn()
    expect(String((await pool.ask(get(), { ...limits, withinMs: 5_000 })).body)).toBe('x')
    expect(server.received).toHaveLength(1)
  })

  test('is not used again when the API server says so', async () => {
    const server = await serve(answering(() => sized('x', 'Connection: close\r\n')))
    const pool = openPool(server)
    await asText(pool)
    await nextTurn()
    await asText(pool)
    expect(server.received).toHaveLength(2)
  })

  test('whose request is given up ends', async () => {
    const gone = Promise.withResolvers<unknown>()
    const server = await serve((socket, _index, heard) => {
      heard(() => socket.write('HTTP/1.1 200 OK\r\n\r\nx'))
      gone.resolve(once(socket, 'close'))
    })
    const pool = openPool(server)
    const seen: string[] = []
    const sent = pool.send(get(), undefined, {
      onHead: () => void seen.push('head'),
      onBody() {
        seen.push('body')
        sent.abort()
      },
      onEnd: () => void seen.push('end'),
      onError: () => void seen.push('error'),
    })
    await gone.promise
    await nextTurn()
    expect(seen).toEqual(['head', 'body'])
    expect(pool.size().connections).toBe(0)
  })

  test.each(['onHead', 'onBody', 'onEnd'] as const)(
    'whose answer can’t be taken ends, and this is told: %s',
    async (where) => {
      const server = await serve(answering(() => sized('x')))
      const pool = openPool(server)
      const failed = Promise.withResolvers<UpstreamError>()
      const fail = (at: string) => {
        if (at === where) throw new Error('a bug')
      }
      pool.send(get(), undefined, {
        onHead: () => fail('onHead'),
        onBody: () => fail('onBody'),
        onEnd: () => fail('onEnd'),
        onError: failed.resolve,
      })
      expect(await failed.promise).toMatchObject({ fault: 'taking', cause: { message: 'a bug' } })
      expect(pool.size().connections).toBe(0)
    },
  )
})

describe('waiting has an end', () => {
  const seconds = async (count: number) => {
    for (let at = 0; at < count; at++) {
      vi.advanceTimersByTime(1_000)
      await nextTurn()
    }
  }
  const fakeSweeps = () => vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const noHandler = { onHead() {}, onBody: (piece: Piece) => piece.release() }
  /** @returns how it ended, as it turns out */
  function watchOver(pool: UpstreamPool, request: UpstreamRequest, patienceMs: number | undefined) {
    const state = { head: false, over: '' }
    pool.send(request, patienceMs, {
      ...noHandler,
      onHead: () => {
        state.head = true
      },
      onEnd: () => {
        state.over = 'ended'
      },
      onError: (error) => {
        state.over = error.fault
      },
    })
    return state
  }

  test('for a connection that is never accepted', async () => {
    fakeSweeps()
    const silent = net.createServer(() => {})
    cleanups.push(() => silent.close())
    const pool = openPool({ port: await listenAnywhere(silent), ca: Buffer.alloc(0) })
    const request = watchOver(pool, get(), undefined)
    await seconds(5)
    expect(request.over).toBe('')
    await seconds(1)
    expect(request.over).toBe('connect timeout')
  })

  test('for the head of an answer, also when it comes byte by byte', async () => {
    fakeSweeps()
    const sockets: TLSSocket[] = []
    const server = await serve((socket) => void sockets.push(socket))
    const pool = openPool(server)
    const request = watchOver(pool, get(), 3_000)
    await vi.waitFor(() => expect(server.received).toHaveLength(1))
    for (const byte of 'HTTP') {
      await seconds(1)
      sockets[0]?.write(byte)
      await delay(50)
    }
    expect(request.over).toBe('timeout')
    expect(pool.size().connections).toBe(0)
  })

  test('for each piece of a body, but not as long as pieces come, nor while the client is slow', async () => {
    fakeSweeps()
    const sockets: TLSSocket[] = []
    const server = await serve((socket, _index, heard) => {
      heard(() => socket.write('HTTP/1.1 200 OK\r\n\r\n'))
      sockets.push(socket)
    })
    const pool = openPool(server)
    const state = { over: '', pieces: 0 }
    const sent = pool.send(get(), 3_000, {
      ...noHandler,
      onBody(piece) {
        state.pieces++
        piece.release()
      },
      onEnd: () => {
        state.over = 'ended'
      },
      onError: (error) => {
        state.over = error.fault
      },
    })
    for (let piece = 1; piece <= 4; piece++) {
      await vi.waitFor(() => expect(sockets).toHaveLength(1))
      sockets[0]?.write('x')
      await vi.waitFor(() => expect(state.pieces).toBe(piece))
      await seconds(3)
    }
    expect(state.over).toBe('')
    sent.pause()
    await seconds(60)
    expect(state.over).toBe('')
    sent.resume()
    await seconds(3)
    expect(state.over).toBe('')
    await seconds(1)
    expect(state.over).toBe('timeout')
  })

  test('a watch may be silent for any time', async () => {
    fakeSweeps()
    const server = await serve((socket, _index, heard) => heard(() => socket.write('HTTP/1.1 200 OK\r\n\r\n')))
    const watch = watchOver(openPool(server), get(), undefined)
    await vi.waitFor(() => expect(watch.head).toBe(true))
    await seconds(3_600)
    expect(watch.over).toBe('')
  })

  test('for a connection that comes free, in the order in which they came', async () => {
    fakeSweeps()
    const sockets: TLSSocket[] = []
    const server = await serve((socket) => void sockets.push(socket))
    const pool = openPool(server, { maxConnections: 1 })
    const first = watchOver(pool, get('/1'), undefined)
    await vi.waitFor(() => expect(server.received).toHaveLength(1))
    const [second, third] = [watchOver(pool, get('/2'), undefined), watchOver(pool, get('/3'), undefined)]
    expect(pool.size()).toEqual({ connections: 1, waiting: 2 })
    sockets[0]?.write(sized('x'))
    await vi.waitFor(() => expect(first.over).toBe('ended'))
    await nextTurn()
    expect(pool.size()).toEqual({ connections: 1, waiting: 1 })
    await seconds(31)
    expect([second.over, third.over]).toEqual(['', 'busy'])
    expect(pool.size()).toEqual({ connections: 1, waiting: 0 })
  })

  test('and is bounded in number', async () => {
    const server = await serve(() => {})
    const pool = openPool(server, { maxConnections: 1 })
    const requests = Array.from({ length: 8_194 }, () => watchOver(pool, get(), undefined))
    await nextTurn()
    expect(requests.filter(({ over }) => over === 'busy')).toHaveLength(1)
    expect(pool.size()).toEqual({ connections: 1, waiting: 8_192 })
  })

  test('for handshakes that begin all at once, but for a few', async () => {
    fakeSweeps()
    const silent: net.Socket[] = []
    const server = net.createServer((socket) => void silent.push(socket))
    cleanups.push(() => {
      for (const socket of silent) socket.destroy()
      server.close()
    })
    const pool = openPool({ port: await listenAnywhere(server), ca: Buffer.alloc(0) }, { maxConnections: undefined })
    const requests = Array.from({ length: 100 }, () => watchOver(pool, get(), undefined))
    expect(pool.size()).toEqual({ connections: 32, waiting: 68 })
    await vi.waitFor(() => expect(silent).toHaveLength(32))
    await seconds(6)
    expect(requests.filter(({ over }) => over === 'connect timeout')).toHaveLength(32)
    await nextTurn()
    expect(pool.size()).toEqual({ connections: 32, waiting: 36 })
  })

  test('whoever gives up waits no more', async () => {
    const server = await serve(() => {})
    const pool = openPool(server, { maxConnections: 1 })
    watchOver(pool, get(), undefined)
    const sent = pool.send(get(), undefined, { ...noHandler, onEnd() {}, onError() {} })
    sent.abort()
    expect(pool.size()).toEqual({ connections: 1, waiting: 0 })
  })

  test('a connection that is not used ends, the one that waits longest first', async () => {
    fakeSweeps()
    const server = await serve(answering(() => sized('x')))
    const pool = openPool(server)
    await Promise.all([asText(pool), asText(pool)])
    await nextTurn()
    await seconds(40)
    expect(pool.size().connections).toBe(2)
    for (let time = 0; time < 3; time++) {
      await asText(pool)
      await nextTurn()
    }
    // The others may end.
    expect(server.received.map((all) => all.split('GET').length - 1).toSorted()).toEqual([1, 4])
    await seconds(10)
    expect(pool.size().connections).toBe(1)
    await seconds(40)
    expect(pool.size().connections).toBe(0)
  })

  test('a connection ends sooner when the API server says that it will', async () => {
    fakeSweeps()
    const server = await serve(answering(() => sized('x', 'Keep-Alive: timeout=5\r\n')))
    const pool = openPool(server)
    await asText(pool)
    await seconds(2)
    expect(pool.size().connections).toBe(1)
    await seconds(1)
    expect(pool.size().connections).toBe(0)
  })

  test('what is under way or waits ends with the pool', async () => {
    const server = await serve(() => {})
    const pool = openPool(server, { maxConnections: 1 })
    const requests = [watchOver(pool, get(), undefined), watchOver(pool, get(), undefined)]
    pool.close()
    requests.push(watchOver(pool, get(), undefined))
    await nextTurn()
    expect(requests.map(({ over }) => over)).toEqual(['stopping', 'stopping', 'stopping'])
    expect(pool.size()).toEqual({ connections: 0, waiting: 0 })
  })
})
