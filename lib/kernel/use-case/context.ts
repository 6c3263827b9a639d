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
import type { WithinAllowance } from './allowances.ts'

/** Where a request came from and where it was observed; goes into the trail and the logs. */
export type Origin = {
  observer: Observer
  requestId: string
  sourceAddress?: string | undefined
  userAgent?: string | undefined
  /** The object on a cluster that declares what is done; only the worker follows any. */
  declaredBy?: DeclaredBy
}

/** A Space object whose declaration the worker carries out, as the person whom the operator mapped to its namespace. */
export type DeclaredBy = {
  cluster: string
  namespace: string
  name: string
  uid: string
  generation: number
  /** Whether it lists the members. */
  members: boolean
  /** Notes in the change’s own transaction that this part of it was carried out. */
  note?: (tx: Tx) => Promise<void>
}

/** What every use case works with, whoever calls. One per process. */
export type Services = {
  db: Db
  pool: Pool
  /** Connections that only hold spaces' locks, so that waiting for a lock never keeps others from working. */
  locks: LockPools
  /** Null: Postgres is reached directly. */
  pooler: Pooler | null
  clusters: Clusters
  /** In a person's context: as it applies to them. In the process's own: as the environment sets it. */
  policy: Policy
  /** The rules until a version of the policy is saved. */
  configuredRules: PolicyRules
  /** The main identity provider (OIDC_ISSUER), without trailing slashes: a group that is named alone is its. Empty in the worker. */
  issuer: string
  /** All that are configured: their groups count, and can be given roles. Empty in the worker (issuers-in-use.ts). */
  issuers: readonly string[]
  /** The same with what pages call them, the main one first. */
  providers: readonly ProviderName[]
  /** Groups of the main provider that give platform roles. */
  roleGroups: { adminGroups: readonly string[]; auditorGroups: readonly string[] }
  /** Groups of the main provider in one of which people have to be to sign in there. */
  signInGroups: readonly string[]
  trail: AuditWriter
  log: Logger
  /** How much one person may ask of clusters and of the directory, in this process. */
  withinAllowance: WithinAllowance
  /** Milliseconds that a person waits for a cluster (reconcile-inline.ts). */
  patienceMs: number
  /** Milliseconds that the API server may take to know new bindings, and to count a new quota (reconcile-living.ts). */
  effectiveWithinMs: number
  clock: () => Date
  randomBytes: (size: number) => Uint8Array
  /** What kubeconfigs contain: the gateway's URL and its current CA (PEM; empty when publicly trusted). */
  gateway: { url: string; readCa: () => string }
  /** Where links in what is sent to people lead. */
  portalUrl: string
  /** Null: the operator hasn't set them up. */
  webhooks: Webhooks | null
  /** In whose name objects on clusters declare spaces. */
  gitIdentities: readonly GitIdentity[]
}

/** What a use case gets: the services, who asks, and from where. */
export type BrokerContext = Services & { actor: Actor; origin: Origin }

/** What the worker's use cases get: there is no person. */
export type SystemContext = Services & { origin: Origin }

/** How this installation is provisioned. */
export type ProvisioningSettings = {
  /** Which attribute of a user is the subject at sign-in. */
  subject: SubjectAttribute
  /** Which claim of ID tokens that is: OIDC_SUBJECT_CLAIM. */
  subjectClaim: string
  /** Groups that give platform roles. */
  adminGroups: readonly string[]
  auditorGroups: readonly string[]
  /** The address of the SCIM server. */
  base: string
}

/** What provisioning gets: the identity provider acts, by a token. */
export type ProvisioningContext = Services & {
  origin: Origin
  /** `makers`: the handles of everyone who had a hand in the token; empty: the operator's command created it. */
  provisioner: { tokenId: string; name: string; makers: readonly string[] }
  settings: ProvisioningSettings
}

/** One change by provisioning. */
export type ProvisioningChange = ProvisioningContext & {
  /** The platform admins, by their ids, whom the change shuts out or takes the role from. */
  lostAdmins: Map<string, { name: string; handle: string }>
}

/** Whoever acts. */
export type ActingContext = BrokerContext | SystemContext | ProvisioningContext

/** A change to who is in groups: by provisioning, or by an admin who removes a pushed group. */
export type GroupChange = ActingContext & Partial<Pick<ProvisioningChange, 'lostAdmins'>>
