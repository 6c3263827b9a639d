import type { SpaceAccess } from '#lib/gateway/credential/access.ts'
import type { OtherTarget, ResourceTarget } from '#lib/gateway/target/parse-target.ts'

/** What is decided about: a request, or a question about one, whose verb need not be one that requests have. */
export type Asked =
  | (Pick<
      ResourceTarget,
      'kind' | 'cluster' | 'group' | 'version' | 'namespace' | 'resource' | 'subresource' | 'name'
    > & { verb: string })
  | (Pick<OtherTarget, 'kind' | 'cluster' | 'path'> & { verb: string })
export type AskedResource = Extract<Asked, { kind: 'resource' }>
export type AskedOther = Extract<Asked, { kind: 'other' }>

/** Under whose right a request goes upstream: the person's, or the gateway's own, narrowed to these spaces. */
export type Decision = { as: 'person'; space?: SpaceAccess } | { as: 'gateway'; spaceIds: string[] }

/** What decisions hang on besides the request and the credential: the same for everybody. */
export type DoorRules = {
  /** Where the person finds help. */
  portalUrl: string
  /** Kinds outside of namespaces that people may read, as `resource.group`. */
  clusterReadable: ReadonlySet<string>
}
