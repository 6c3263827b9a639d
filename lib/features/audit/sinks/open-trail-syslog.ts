/**
 * Sends the trail by syslog over TLS (RFC 5425). Must never count events as delivered that the receiver may not have:
 * syslog has no acknowledgements, and written data can be lost. So each batch uses its own connection. Spaceport closes
 * it, and the receiver's close_notify (section 4.4) proves that it has read everything, since TCP delivers in order.
 */
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import { failureOf, type SinkFailure } from '#lib/features/audit/model/sink-failure.ts'
import { frame, renderSyslog } from './render-syslog.ts'
import type { SinkAnswer, TrailSink } from './trail-sink.ts'

type Settings = {
  /** tls://host:port */
  url: string
  /** Paths of PEM files, read for each connection; empty: public CAs, no client certificate. */
  caFile: string
  certFile: string
  keyFile: string
  /** The portal’s hostname. */
  hostname: string
  maxMs?: number
}

/** RFC 5425, section 4.1. */
const defaultPort = 6514

class SinkError extends Error {
  readonly failure: SinkFailure
  constructor(failure: SinkFailure) {
    super(failure.kind)
    this.failure = failure
  }
}

/** @param settings.maxMs the maximum time for a batch, including the receiver's close */
export function openTrailSyslog({ url, caFile, certFile, keyFile, hostname, maxMs = 30_000 }: Settings): TrailSink {
  const to = new URL(url)
  const host = to.hostname.replace(/^\[|\]$/g, '')
  const port = to.port === '' ? defaultPort : Number(to.port)
  const closed = new AbortController()

  async function options() {
    const read = async (path: string) => (path === '' ? undefined : await readFile(path, 'utf8'))
    try {
      const [ca, cert, key] = await Promise.all([read(caFile), read(certFile), read(keyFile)])
      return { ...(ca !== undefined && { ca }), ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) }
    } catch (error) {
      throw new SinkError({ kind: 'files', code: failureOf(error).kind === 'closed' ? String(Object(error).code) : '' })
    }
  }

  async function deliver(frames: Iterable<Buffer>, signal: AbortSignal): Promise<void> {
    const socket = connect({
      ...(await options()),
      host,
      port,
      ...(isIP(host) === 0 && { servername: host }),
      minVersion: 'TLSv1.2',
    })
    const over = new AbortController()
    try {
      await exchange(socket, frames, AbortSignal.any([signal, over.signal]))
    } finally {
      over.abort()
      // Errors after the result are irrelevant.
      socket.on('error', () => {})
      socket.destroy()
    }
  }

  return {
    name: 'syslog',
    host: `${to.hostname}:${port}`,
    gatherMs: 2_000,
    async send({ events }, stopped): Promise<SinkAnswer> {
      const signal = AbortSignal.any([AbortSignal.timeout(maxMs), closed.signal, stopped])
      function* frames() {
        for (const event of events) yield frame(renderSyslog(event, hostname))
      }
      try {
        await deliver(frames(), signal)
        return { taken: true }
      } catch (error) {
        return { taken: false, why: error instanceof SinkError ? error.failure : failureOf(error) }
      }
    },
    close: () => closed.abort(),
  }
}

/**
 * Writes, closes the connection, and waits for the receiver to close it.
 * @throws the first error
 */
function exchange(socket: TLSSocket, frames: Iterable<Buffer>, signal: AbortSignal): Promise<void> {
  return new Promise((done, fail) => {
    let state: 'sending' | 'ended' | 'answered' = 'sending'
    const broken = (code: string) => fail(new SinkError({ kind: 'closed', code }))

    async function send(): Promise<void> {
      for (const one of frames) if (!socket.write(one)) await once(socket, 'drain', { signal })
      state = 'ended'
      socket.end()
    }

    socket.once('error', fail)
    socket.once('secureConnect', () => void send().catch(fail))
    // Incoming data is read and ignored, so that the end arrives.
    socket.resume()
    socket.once('end', () => {
      if (state === 'sending') return broken('ended early')
      state = 'answered'
    })
    socket.once('close', (hadError) => {
      if (state === 'answered' && socket.writableFinished && !hadError) done()
      else broken('ended early')
    })
    const giveUp = () => fail(state === 'ended' ? new SinkError({ kind: 'unconfirmed', code: '' }) : signal.reason)
    if (signal.aborted) giveUp()
    else signal.addEventListener('abort', giveUp, { once: true })
  })
}
