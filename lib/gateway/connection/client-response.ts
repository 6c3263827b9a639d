import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import type { Writable } from 'node:stream'

/** Where an answer goes: what the gateway needs of Node’s ServerResponse. */
export type ClientResponse = Pick<
  Writable,
  'write' | 'end' | 'on' | 'once' | 'destroy' | 'destroyed' | 'writableFinished' | 'writableNeedDrain'
> & {
  readonly req: IncomingMessage
  readonly headersSent: boolean
  shouldKeepAlive: boolean
  writeHead(status: number, fields?: string[] | OutgoingHttpHeaders): unknown
  flushHeaders(): void
  /** What the client sends beside its request is read in turns; there is none where this is missing. */
  paceReading?(takeTurn: () => Promise<void> | undefined): void
}
