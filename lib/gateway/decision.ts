import type { SpaceAccess } from './access.ts'

/** Under whose right a request goes upstream: the person's, or the gateway's own, narrowed to these spaces. */
export type Decision = { as: 'person'; space?: SpaceAccess } | { as: 'gateway'; spaceIds: string[] }

/** What decisions hang on besides the request and the credential: the same for everybody. */
export type DoorRules = {
  /** Where the person finds help. */
  portalUrl: string
  /** Kinds outside of namespaces that people may read, as `resource.group`. */
  clusterReadable: ReadonlySet<string>
}
