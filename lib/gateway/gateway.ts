import type { Logger } from '#lib/observability/logger.ts'
import type { AccessCache } from './access-cache.ts'
import type { Authenticate } from './authenticate.ts'
import type { ChangeLimit } from './change-limit.ts'
import type { ClientConnections } from './client-connections.ts'
import type { FairShare } from './fair-share.ts'
import type { GatewayMetrics } from './metrics.ts'
import type { OpenStreams } from './open-streams.ts'
import type { BodyReader } from './read-body.ts'
import type { Trail } from './trail.ts'
import type { Upstream } from './upstream.ts'

/** What the steps of a request work with. One per process. */
export type Gateway = {
  clusters: ReadonlyMap<string, Upstream>
  cache: AccessCache
  authenticate: Authenticate
  readBody: BodyReader
  streams: OpenStreams
  trail: Trail
  limitChanges: ChangeLimit
  share: FairShare
  connections: ClientConnections
  metrics: GatewayMetrics
  log: Logger
  /** Milliseconds since the epoch. */
  clock: () => number
  /** Milliseconds of a clock that never jumps. */
  monotonic: () => number
  portalUrl: string
  /** Kinds outside of namespaces that people may read, as `resource.group`. */
  clusterReadable: ReadonlySet<string>
  noteUse: (credentialId: string, source: string) => void
  stopping: () => boolean
}
