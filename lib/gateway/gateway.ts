import type { ChangeLimit } from '#lib/gateway/connection/change-limit.ts'
import type { ClientConnections } from '#lib/gateway/connection/client-connections.ts'
import type { FairShare } from '#lib/gateway/connection/fair-share.ts'
import type { Access } from '#lib/gateway/credential/access.ts'
import type { AccessCache } from '#lib/gateway/credential/access-cache.ts'
import type { Authenticate } from '#lib/gateway/credential/authenticate.ts'
import type { OpenStreams } from '#lib/gateway/credential/open-streams.ts'
import type { Decision } from '#lib/gateway/decision/decision.ts'
import type { BodyReader } from '#lib/gateway/request/read-body.ts'
import type { SpaceObjectReader } from '#lib/gateway/space-objects/readable-objects.ts'
import type { Trail } from '#lib/gateway/trail/trail.ts'
import type { Upstream } from '#lib/gateway/upstream/upstream.ts'
import type { Logger } from '#lib/observability/logger.ts'
import type { GatewayMetrics } from './metrics.ts'

/** Shared by the steps of a request. One per process. */
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
  /** Cluster-scoped kinds that people may read, as `resource.group`. */
  clusterReadable: ReadonlySet<string>
  spaceObjects: SpaceObjectReader
  noteUse: (access: Access, source: string, userAgent: string | undefined, decision: Decision) => void
}
