import type { Binaries } from '#dev/cluster/build.ts'
import type { Report } from '#dev/cluster/progress.ts'
import type { UnpackedImages } from '#dev/image/unpack-images.ts'
import type { DatabaseUrls } from '#dev/prepare-database.ts'
import type { ExternalIdentity, StackEnvironment } from './environment.ts'
import type { Service } from './service.ts'

/** The well-known ports. */
export type PublicPorts = {
  web: number
  idp: number
  gateway: number
  postgres: number
  apiserver: number
  /** The page of the mail server; undefined: no page, and no mail is sent. */
  mail?: number
}

export type StackOptions = {
  /** Keeps everything; the same folder restores the same stack. */
  stateDir: string
  ports: PublicPorts
  web: 'production' | 'dev' | 'none'
  /** A copy of the build to serve the portal from, which later builds don't touch. Undefined: the build itself. */
  webDir?: string
  gateway: boolean
  worker: boolean
  /** Runs the three from their images instead of from this checkout. */
  images?: UnpackedImages | undefined
  /** An environment whose Spaceport settings override our defaults; undefined: outside settings are ignored. */
  settings?: Readonly<Record<string, string | undefined>>
  /** See dev/idp/people.ts. */
  peopleFile?: string
  /** Whether the development identity provider redirects browsers through another origin, as brokers do. */
  identityHop?: boolean
  /** Whether Postgres and etcd survive a power failure, which takes time. Default: true. */
  fsync?: boolean
  /** Uses this cluster instead of starting one; the kubeconfig must be allowed to install what is under deploy/. */
  cluster?: { kubeconfig: string; context?: string | undefined } | undefined
  /** Uses what answers as a cluster, without installing anything (dev/ui/fixed-cluster.ts). */
  fixedCluster?: { kubeconfig: string; context: string } | undefined
  /** Uses this Postgres instead of starting one. */
  databaseUrl?: string | undefined
  /** Uses this identity provider instead of starting one. */
  identity?: ExternalIdentity | undefined
  report: Report
  /** Called with the reason when a part exits unexpectedly. The rest keeps running until `stop` is called. */
  onCrash: (reason: string) => void
  /** Aborts the start and stops what was started. */
  signal?: AbortSignal
}

export type RunningProcess = { name: string; pid: number; logFile: string }

export type Stack = {
  webUrl: string
  gatewayUrl: string
  /** Where web answers readiness and metrics. */
  webAdminUrl: string
  /** The issuer. */
  idpUrl: string
  /** The page that lists the sent mails. */
  mailUrl: string | undefined
  ownerDatabaseUrl: string
  databaseUrls: DatabaseUrls
  /** The kubeconfig used for the installation: of the cluster's admin. */
  adminKubeconfig: string
  brokerKubeconfig: string
  gatewayKubeconfig: string
  /** The API server's own URL; undefined for an external cluster. */
  apiserverUrl: string | undefined
  /** JSON lines; undefined for an external cluster. */
  auditLog: string | undefined
  gatewayCaFile: string
  /** Undefined for an external cluster. */
  binaries: Binaries | undefined
  /** Each process's environment. */
  env: StackEnvironment
  /** Those that may be killed and restarted separately. */
  services: { idp?: Service; mail?: Service; web?: Service; gateway?: Service; worker?: Service }
  /** All running now. */
  processes: () => RunningProcess[]
  stop: () => Promise<void>
}
