import type { Db, Tx } from '#lib/kernel/db/client.ts'
import type { LockPools } from '#lib/kernel/db/lock-pools.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import type { Pooler } from '#lib/kernel/db/watch-pooler.ts'
import type { Observer } from '#lib/kernel/model/audit/observer.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import type { ProviderName, SubjectAttribute } from '#lib/kernel/model/people/provider.ts'
import type { Policy } from '#lib/kernel/model/policy/policy.ts'
import type { PolicyRules } from '#lib/kernel/model/policy/policy-rules.ts'
import type { GitIdentity } from '#lib/kernel/model/spaces/space-object.ts'
import type { AuditWriter } from '#lib/kernel/trail/audit-writer.ts'
import type { Webhooks } from '#lib/kernel/webhook/open-webhooks.ts'
import type { Clusters } from '#lib/kube/client/cluster.ts'
import type { Logger } from '#lib/observability/logger.ts'
import type { WithinRateLimit } from './rate-limits.ts'

/** The origin of a request and where it was observed, for the trail and the logs. */
export type Origin = {
  observer: Observer
  requestId: string
  sourceAddress?: string | undefined
  userAgent?: string | undefined
  /** The object on a cluster that declares the change; set only by the worker. */
  declaredBy?: DeclaredBy
}

/** A Space object that the worker applies, in the name of the person that the operator mapped to its namespace. */
export type DeclaredBy = {
  cluster: string
  namespace: string
  name: string
  uid: string
  generation: number
  members: boolean
  /** Records, in the change’s own transaction, that this part was applied. */
  note?: (tx: Tx) => Promise<void>
}

/** The services of every use case, for any caller. One per process. */
export type Services = {
  db: Db
  pool: Pool
  /** Connections that only hold spaces' locks, so that waiting for a lock never blocks other work. */
  locks: LockPools
  /** Null: Postgres is reached directly. */
  pooler: Pooler | null
  clusters: Clusters
  /** In a person's context: as it applies to them. Otherwise: as the environment sets it. */
  policy: Policy
  /** The rules until a version of the policy is saved. */
  configuredRules: PolicyRules
  /**
   * The main identity provider (OIDC_ISSUER), without trailing slashes: the default for groups. Empty in the worker.
   */
  issuer: string
  /** All configured providers: their groups count, and can be given roles. Empty in the worker (issuers-in-use.ts). */
  issuers: readonly string[]
  /** The same with their names on pages, the main one first. */
  providers: readonly ProviderName[]
  /** Groups of the main provider that give platform roles. */
  roleGroups: { adminGroups: readonly string[]; auditorGroups: readonly string[] }
  /** Groups of the main provider that can sign in there. */
  signInGroups: readonly string[]
  trail: AuditWriter
  log: Logger
  /** Rate limits per person for clusters and the directory, in this process. */
  withinRateLimit: WithinRateLimit
  /** Milliseconds that a person waits for a cluster (reconcile-inline.ts). */
  patienceMs: number
  /** Milliseconds that the API server may take to apply bindings and count a quota (reconcile-living.ts). */
  effectiveWithinMs: number
  clock: () => Date
  randomBytes: (size: number) => Uint8Array
  /** What kubeconfigs contain: the gateway's URL and its current CA (PEM; empty if publicly trusted). */
  gateway: { url: string; readCa: () => string }
  /** The base of links in mails and messages. */
  portalUrl: string
  /** Null: the operator hasn't set them up. */
  webhooks: Webhooks | null
  /** The people for whom objects on clusters declare spaces. */
  gitIdentities: readonly GitIdentity[]
}

/** The context of a use case: the services, the caller, and the origin. */
export type BrokerContext = Services & { actor: Actor; origin: Origin }

/** The context of the worker's use cases, without a person. */
export type SystemContext = Services & { origin: Origin }

export type ProvisioningSettings = {
  /** The attribute of a user that is the subject at sign-in. */
  subject: SubjectAttribute
  /** The matching claim of ID tokens: OIDC_SUBJECT_CLAIM. */
  subjectClaim: string
  adminGroups: readonly string[]
  auditorGroups: readonly string[]
  base: string
}

/** The context of provisioning: the identity provider acts, with a token. */
export type ProvisioningContext = Services & {
  origin: Origin
  /** `makers`: the handles of everyone who made or took over the token; empty: the operator's command created it. */
  provisioner: { tokenId: string; name: string; makers: readonly string[] }
  settings: ProvisioningSettings
}

export type ProvisioningChange = ProvisioningContext & {
  /** Platform admins, by id, who are deactivated or lose the role by the change. */
  lostAdmins: Map<string, { name: string; handle: string }>
}

export type ActingContext = BrokerContext | SystemContext | ProvisioningContext

/** A change of group members: by provisioning, or by an admin who removes a pushed group. */
export type GroupChange = ActingContext & Partial<Pick<ProvisioningChange, 'lostAdmins'>>
