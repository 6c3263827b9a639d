import type { Binaries } from '#dev/cluster/build.ts'
import type { Report } from '#dev/cluster/progress.ts'
import type { UnpackedImages } from '#dev/image/unpack-images.ts'
import type { DatabaseUrls } from '#dev/prepare-database.ts'
import type { ExternalIdentity, StackEnvironment } from './environment.ts'
import type { Service } from './service.ts'

/** The ports that people know. */
export type PublicPorts = {
  web: number
  idp: number
  gateway: number
  postgres: number
  apiserver: number
  /** The page of the mail server; without it, there is none and no mail is sent. */
  mail?: number
}

export type StackOptions = {
  /** Keeps everything; the same folder brings the same stack back. */
  stateDir: string
  ports: PublicPorts
  web: 'production' | 'dev' | 'none'
  /** A copy of the build to serve the portal from, which later builds don't touch. Without it, the build itself. */
  webDir?: string
  gateway: boolean
  worker: boolean
  /** Runs the three from their images instead of from this checkout. */
  images?: UnpackedImages | undefined
  /** An environment whose Spaceport settings override our defaults; without it, outside settings change nothing. */
  settings?: Readonly<Record<string, string | undefined>>
  /** See dev/idp/people.ts. */
  peopleFile?: string
  /** Whether our own identity provider sends browsers through another origin, as brokers do. */
  identityHop?: boolean
  /** Whether Postgres and etcd of our own keep what they have through a loss of power, which takes time. Default: true. */
  fsync?: boolean
  /** Uses this cluster instead of starting one; the kubeconfig must be allowed to install what is under deploy/. */
  cluster?: { kubeconfig: string; context?: string | undefined } | undefined
  /** Uses this Postgres instead of starting one. */
  databaseUrl?: string | undefined
  /** Uses this identity provider instead of starting one. */
  identity?: ExternalIdentity | undefined
  report: Report
  /** Called with the reason when a part exits by itself. The rest keeps running until `stop` is called. */
  onCrash: (reason: string) => void
  /** Gives up starting; what was started is stopped. */
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
  /** The page that lists what was sent. */
  mailUrl: string | undefined
  ownerDatabaseUrl: string
  databaseUrls: DatabaseUrls
  /** The kubeconfig that things were installed with: of the cluster's admin. */
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
  /** What each process was given. */
  env: StackEnvironment
  /** Those that may be killed and restarted alone. */
  services: { idp?: Service; mail?: Service; web?: Service; gateway?: Service; worker?: Service }
  /** All that run now. */
  processes: () => RunningProcess[]
  stop: () => Promise<void>
}
