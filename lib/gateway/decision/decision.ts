import type { SpaceAccess } from '#lib/gateway/credential/access.ts'
import type { OtherTarget, ResourceTarget } from '#lib/gateway/target/parse-target.ts'

/** What to decide about: a request, or a question about one, whose verb need not be a request's verb. */
export type Asked =
  | (Pick<
      ResourceTarget,
      'kind' | 'cluster' | 'group' | 'version' | 'namespace' | 'resource' | 'subresource' | 'name'
    > & { verb: string })
  | (Pick<OtherTarget, 'kind' | 'cluster' | 'path'> & { verb: string })
export type AskedResource = Extract<Asked, { kind: 'resource' }>
export type AskedOther = Extract<Asked, { kind: 'other' }>

/**
 * Whose rights a request goes upstream with: the person's, or the gateway's own, narrowed to these spaces. `itself`: the
 * gateway answers, about the objects that declare these spaces and, where `mapped`, about those in namespaces that the
 * operator mapped to the person.
 */
export type Decision =
  | { as: 'person'; space?: SpaceAccess }
  | { as: 'gateway'; spaceIds: string[] }
  | { as: 'itself'; spaceIds: string[]; mapped: boolean }

/** What decisions depend on besides the request and the credential; the same for everyone. */
export type DoorRules = {
  /** Where the person finds help. */
  portalUrl: string
  /** Cluster-scoped kinds that people may read, as `resource.group`. */
  clusterReadable: ReadonlySet<string>
}
