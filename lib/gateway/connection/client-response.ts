import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import type { Writable } from 'node:stream'

/** The part of Node's ServerResponse that the gateway needs. */
export type ClientResponse = Pick<
  Writable,
  'write' | 'end' | 'on' | 'once' | 'destroy' | 'destroyed' | 'writableFinished' | 'writableNeedDrain'
> & {
  readonly req: IncomingMessage
  readonly headersSent: boolean
  shouldKeepAlive: boolean
  writeHead(status: number, fields?: string[] | OutgoingHttpHeaders): unknown
  flushHeaders(): void
  /** Reads in turns what the client sends after its request. */
  paceReading?(takeTurn: () => Promise<void> | undefined): void
}
