import { setTimeout as delay } from 'node:timers/promises'
import type { TLSSocket, TlsOptions } from 'node:tls'
import { afterEach, vi } from 'vitest'
import { createRecycledBlocks } from '#lib/gateway/upstream/recycled-blocks.ts'
import type { UpstreamRequest } from '#lib/gateway/upstream/render-request.ts'
import type { UpstreamError } from '#lib/gateway/upstream/upstream-error.ts'
import { createUpstreamPool, type PoolOptions, type UpstreamPool } from '#lib/gateway/upstream/upstream-pool.ts'
import { type RawServer, startRawServer } from './raw-server.ts'

export const cleanups: (() => unknown)[] = []
/** Closes what tests open. Each file calls it, since files share what they import. */
export const cleanUpAfterEach = () =>
  afterEach(async () => {
    vi.useRealTimers()
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
  })

export type Serve = Parameters<typeof startRawServer>[0]

export async function serve(answer: Serve, options: TlsOptions = {}): Promise<RawServer> {
  const server = await startRawServer(answer, options)
  cleanups.push(() => server.close())
  return server
}

export function openPool({ port, ca }: { port: number; ca: Buffer }, changed: Partial<PoolOptions> = {}): UpstreamPool {
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

export const get = (path = '/', changed: Partial<UpstreamRequest> = {}): UpstreamRequest => ({
  method: 'GET',
  path,
  fields: [],
  body: null,
  ...changed,
})
export const limits = { withinMs: 30_000, maxBytes: 64 * 1024 * 1024 }
export const fault = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    (answer) => `answered ${JSON.stringify(answer)}`,
    (error: UpstreamError) => error.fault,
  )
export const sized = (body: string, more = '') =>
  `HTTP/1.1 200 OK\r\n${more}Content-Length: ${body.length}\r\n\r\n${body}`

/** Answers each request with what `answer` says; undefined: not at all. */
export const answering =
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

export async function asText(pool: UpstreamPool, path = '/'): Promise<string> {
  return String((await pool.ask(get(path), limits)).body)
}
/** Waits for what comes by itself, without moving a faked clock, as `expect.poll` does. */
export async function until(happened: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await happened())) await delay(5)
}
/** Until what has served is free again. */
export const nextTurn = () => new Promise((resolve) => setImmediate(resolve))
