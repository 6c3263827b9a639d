export type UpstreamFault =
  /** The connection failed, or its certificate can't be trusted. */
  | 'connect'
  | 'connect timeout'
  /** The connection closed in the middle of the answer, or before it. */
  | 'closed'
  /** Nothing arrived in time. */
  | 'timeout'
  | 'malformed'
  /** All connections were in use for too long. */
  | 'busy'
  /** We failed to handle the answer. */
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
