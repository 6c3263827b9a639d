import { createServer, type IncomingHttpHeaders } from 'node:http'
import { freePorts } from '#dev/ports/free-ports.ts'

export type ReceivedMessage = { path: string; headers: IncomingHttpHeaders; body: string }

/** A receiver's answer: a status, optionally delayed. */
export type ReceiverAnswer = { status: number; headers?: Record<string, string>; afterMs?: number }

/**
 * A receiver of webhooks on this machine, which keeps what it gets.
 * @param answer by the path of the request
 */
export async function startWebhookReceiver(answer: (path: string) => ReceiverAnswer = () => ({ status: 204 })) {
  const { hook: port } = await freePorts('hook')
  const received: ReceivedMessage[] = []
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const path = request.url ?? ''
      received.push({ path, headers: request.headers, body: Buffer.concat(parts).toString() })
      const { status, headers = {}, afterMs = 0 } = answer(path)
      setTimeout(() => response.writeHead(status, headers).end('not shown to anybody'), afterMs)
    })
  })
  await new Promise<void>((done) => void server.listen(port, 'localhost', () => done()))
  return {
    url: `http://localhost:${port}`,
    host: `localhost:${port}`,
    received,
    at: (path: string) => received.filter((message) => message.path === path),
    stop() {
      server.close()
      server.closeAllConnections()
    },
  }
}
