import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import tls from 'node:tls'
import { openAuthority } from '#dev/cluster/certificates.ts'

export type RawServer = {
  port: number
  ca: Buffer
  /** All bytes on each connection so far, in the order in which the connections began. */
  received: string[]
  close(): Promise<void>
}

/**
 * A TLS server on loopback that only sends what `serve` does.
 * @param serve gets each connection; `heard` is called with all bytes so far whenever more arrive
 */
export async function startRawServer(
  serve: (socket: tls.TLSSocket, index: number, heard: (listener: (text: string) => void) => void) => void,
  options: tls.TlsOptions = {},
): Promise<RawServer> {
  const dir = mkdtempSync(join(tmpdir(), 'spaceport-raw-'))
  const authority = await openAuthority(dir, 'a raw server’s authority')
  const files = await authority.issue('server', { commonName: 'raw', hosts: ['127.0.0.1'], usages: ['server'] })
  const received: string[] = []
  const sockets = new Set<tls.TLSSocket>()
  const server = tls.createServer(
    { ...options, cert: readFileSync(files.certFile), key: readFileSync(files.keyFile) },
    (socket) => {
      const index = received.push('') - 1
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
      socket.on('error', () => {})
      serve(socket, index, (listener) =>
        socket.on('data', (chunk) => {
          received[index] += chunk.toString('latin1')
          listener(received[index] ?? '')
        }),
      )
    },
  )
  server.on('tlsClientError', () => {})
  const port = await listenAnywhere(server)
  return {
    port,
    ca: readFileSync(authority.caFile),
    received,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
      rmSync(dir, { recursive: true })
    },
  }
}

/** Holds back a server's data until it has been silent for a while, then passes it on at once. */
export async function startGatheringProxy(target: number, silenceMs: number): Promise<{ port: number; close(): void }> {
  const sockets = new Set<net.Socket>()
  const server = net.createServer({ noDelay: true }, (client) => {
    const upstream = net.connect(target, '127.0.0.1')
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {})
    }
    client.pipe(upstream)
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.end())
    let gathered: Buffer[] = []
    upstream.on('data', async (chunk) => {
      gathered.push(chunk)
      const { length } = gathered
      await delay(silenceMs)
      if (gathered.length !== length) return
      client.write(Buffer.concat(gathered))
      gathered = []
    })
  })
  const port = await listenAnywhere(server)
  return {
    port,
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

export async function listenAnywhere(server: net.Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('it listens nowhere')
  return address.port
}
