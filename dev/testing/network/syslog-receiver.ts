import { readFile } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { createServer, type TLSSocket } from 'node:tls'
import type { CertificateFiles } from '#dev/cluster/certificates.ts'

export type SyslogBehaviour = {
  /** Breaks each connection after this many messages. */
  breaksAfter?: number
  /** Reads nothing. */
  hangs?: boolean
  /** Never ends a connection. */
  keepsOpen?: boolean
}

type Options = { certificate: CertificateFiles; caFile: string; clientsNeedCertificates?: boolean; port?: number }

/** A receiver of syslog over TLS (RFC 5425) on this machine, which keeps complete messages. */
export async function startSyslogReceiver(options: Options) {
  const { certificate, caFile, clientsNeedCertificates = false, port = 0 } = options
  const received: string[] = []
  const sockets = new Set<Socket>()
  const behaviour: SyslogBehaviour = {}
  const [cert, key, ca] = await Promise.all(
    [certificate.certFile, certificate.keyFile, caFile].map((path) => readFile(path)),
  )
  const server = createServer(
    {
      ...(cert && { cert }),
      ...(key && { key }),
      ...(ca && { ca }),
      requestCert: clientsNeedCertificates,
      rejectUnauthorized: clientsNeedCertificates,
      allowHalfOpen: behaviour.keepsOpen === true,
    },
    take,
  )
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    socket.on('error', () => {})
  })

  function take(socket: TLSSocket): void {
    let waiting = Buffer.alloc(0)
    let count = 0
    socket.on('error', () => {})
    if (behaviour.hangs) return
    socket.on('data', (part: Buffer) => {
      waiting = Buffer.concat([waiting, part])
      for (;;) {
        const space = waiting.indexOf(0x20)
        if (space < 0) return
        const digits = waiting.toString('latin1', 0, space)
        if (!/^[1-9]\d{0,6}$/.test(digits)) throw new Error(`not a length (RFC 5425, 4.3.1): ${digits}`)
        const end = space + 1 + Number(digits)
        if (waiting.length < end) return
        received.push(waiting.toString('utf8', space + 1, end))
        waiting = waiting.subarray(end)
        if (++count === behaviour.breaksAfter) return void socket.destroy()
      }
    })
  }

  await new Promise<void>((done) => void server.listen(port, '127.0.0.1', () => done()))
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    received,
    behaviour,
    /** The events in the messages. */
    events: () => received.map((text) => JSON.parse(text.slice(text.indexOf('\ufeff') + 1))),
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise((done) => server.close(done))
    },
  }
}
