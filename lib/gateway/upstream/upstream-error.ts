/** Why an API server gave no whole answer. */
export type UpstreamFault =
  /** No connection, or no TLS that can be trusted. */
  | 'connect'
  | 'connect timeout'
  /** The connection ended before the answer did. */
  | 'closed'
  /** Nothing came for too long. */
  | 'timeout'
  | 'malformed'
  /** No connection came free in time. */
  | 'busy'
  /** Taking the answer failed on our side. */
  | 'taking'
  /** The gateway is stopping. */
  | 'stopping'

export class UpstreamError extends Error {
  readonly fault: UpstreamFault
  constructor(fault: UpstreamFault, cause?: unknown) {
    super(`no answer of the API server: ${fault}`, { cause })
    this.fault = fault
  }
}
