import { once } from 'node:events'
import net from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { TLSSocket } from 'node:tls'
import { describe, expect, test, vi } from 'vitest'
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
  until,
} from '#dev/testing/fixtures/upstream-pool-fixture.ts'
import { listenAnywhere } from '#dev/testing/network/raw-server.ts'
import type { Piece } from './recycled-blocks.ts'
import type { UpstreamRequest } from './render-request.ts'
import type { UpstreamError } from './upstream-error.ts'
import type { UpstreamPool } from './upstream-pool.ts'

cleanUpAfterEach()

describe('a connection', () => {
  test('is not trusted with another authority’s certificate, and gets no request', async () => {
    const listening: Serve = (_socket, _index, heard) => heard(() => {})
    const [server, other] = [await serve(listening), await serve(listening)]
    expect(await fault(openPool({ port: server.port, ca: other.ca }).ask(get(), limits))).toBe('connect')
    expect(server.received.join('')).toBe('')
  })

  test('is not trusted with a certificate for another name, and gets no request', async () => {
    const server = await serve((_socket, _index, heard) => heard(() => {}))
    const connection = { host: '127.0.0.1', port: server.port, ca: server.ca, servername: 'api.example' }
    expect(await fault(openPool(server, { connection }).ask(get(), limits))).toBe('connect')
    expect(server.received.join('')).toBe('')
  })

  test('that is refused is reported', async () => {
    const server = await serve(() => {})
    await server.close()
    cleanups.pop()
    expect(await fault(openPool(server).ask(get(), limits))).toBe('connect')
  })

  test('resumes an earlier TLS session', async () => {
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

  test('that renegotiates does not send its request again', async () => {
    const server = await serve(
      (socket, _index, heard) => {
        let asked = false
        heard((text) => {
          if (asked || !text.endsWith('change')) return
          asked = true
          socket.renegotiate({}, async () => {
            // A repeated request would come with the end of the handshake.
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

  test('is not held up by the caller of its last answer', async () => {
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

  test('is not reused after Connection: close', async () => {
    const server = await serve(answering(() => sized('x', 'Connection: close\r\n')))
    const pool = openPool(server)
    await asText(pool)
    await nextTurn()
    await asText(pool)
    expect(server.received).toHaveLength(2)
  })

  test('with an aborted request ends', async () => {
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
    'ends when its answer can’t be taken, with a report: %s',
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
  /** @returns how the request ended, updated as it happens */
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

  test('for the head of an answer, even if it comes byte by byte', async () => {
    fakeSweeps()
    const sockets: TLSSocket[] = []
    const server = await serve((socket) => void sockets.push(socket))
    const pool = openPool(server)
    const request = watchOver(pool, get(), 3_000)
    await until(() => server.received.length === 1)
    for (const byte of 'HTTP') {
      await seconds(1)
      sockets[0]?.write(byte)
      await delay(50)
    }
    expect(request.over).toBe('timeout')
    expect(pool.size().connections).toBe(0)
  })

  test('for each piece of a body, but not while pieces come or the client is slow', async () => {
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
      await until(() => sockets.length === 1)
      sockets[0]?.write('x')
      await until(() => state.pieces === piece)
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
    await until(() => watch.head)
    await seconds(3_600)
    expect(watch.over).toBe('')
  })

  test('for a free connection, in order of arrival', async () => {
    fakeSweeps()
    const sockets: TLSSocket[] = []
    const server = await serve((socket) => void sockets.push(socket))
    const pool = openPool(server, { maxConnections: 1 })
    const first = watchOver(pool, get('/1'), undefined)
    await until(() => server.received.length === 1)
    const [second, third] = [watchOver(pool, get('/2'), undefined), watchOver(pool, get('/3'), undefined)]
    expect(pool.size()).toEqual({ connections: 1, waiting: 2 })
    sockets[0]?.write(sized('x'))
    await until(() => first.over === 'ended')
    await nextTurn()
    expect(pool.size()).toEqual({ connections: 1, waiting: 1 })
    await seconds(31)
    expect([second.over, third.over]).toEqual(['', 'busy'])
    expect(pool.size()).toEqual({ connections: 1, waiting: 0 })
  })

  test('and has a maximum number of waiting requests', async () => {
    const server = await serve(() => {})
    const pool = openPool(server, { maxConnections: 1 })
    const requests = Array.from({ length: 8_194 }, () => watchOver(pool, get(), undefined))
    await nextTurn()
    expect(requests.filter(({ over }) => over === 'busy')).toHaveLength(1)
    expect(pool.size()).toEqual({ connections: 1, waiting: 8_192 })
  })

  test('limits simultaneous handshakes', async () => {
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
    await until(() => silent.length === 32)
    await seconds(6)
    expect(requests.filter(({ over }) => over === 'connect timeout')).toHaveLength(32)
    await nextTurn()
    expect(pool.size()).toEqual({ connections: 32, waiting: 36 })
  })

  test('ends for aborted requests', async () => {
    const server = await serve(() => {})
    const pool = openPool(server, { maxConnections: 1 })
    watchOver(pool, get(), undefined)
    const sent = pool.send(get(), undefined, { ...noHandler, onEnd() {}, onError() {} })
    sent.abort()
    expect(pool.size()).toEqual({ connections: 1, waiting: 0 })
  })

  test('an unused connection ends, the longest idle first', async () => {
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

  test('a connection ends sooner when the API server announces it', async () => {
    fakeSweeps()
    const server = await serve(answering(() => sized('x', 'Keep-Alive: timeout=5\r\n')))
    const pool = openPool(server)
    await asText(pool)
    await seconds(2)
    expect(pool.size().connections).toBe(1)
    await seconds(1)
    expect(pool.size().connections).toBe(0)
  })

  test('running and waiting requests end with the pool', async () => {
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
