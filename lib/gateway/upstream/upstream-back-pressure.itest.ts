import { describe, expect, test, vi } from 'vitest'
import { answering, cleanUpAfterEach, get, openPool, serve } from '#dev/testing/fixtures/upstream-pool-fixture.ts'
import { blockBytes, createRecycledBlocks, keep, type Piece } from './recycled-blocks.ts'

cleanUpAfterEach()

describe('back-pressure', () => {
  const pattern = (seed: number) => Buffer.alloc(8 * 1024 * 1024, `${seed}-abcdefghijklmnopqrstuvwxyz`)

  test('an answer is not read until the client takes it, and arrives completely', async () => {
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
    await expect.poll(() => chunks.length).toBeGreaterThan(0)
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

  test('no block is reused while its bytes are still being written', async () => {
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

  test('large answers come in full blocks, and small ones are not held back', async () => {
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
