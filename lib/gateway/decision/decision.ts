import type { SpaceAccess } from '#lib/gateway/credential/access.ts'
import type { OtherTarget, ResourceTarget } from '#lib/gateway/target/parse-target.ts'

/** The access to decide about: a request, or a question with a verb that no request may have. */
export type AccessAttempt =
  | (Pick<
      ResourceTarget,
      'kind' | 'cluster' | 'group' | 'version' | 'namespace' | 'resource' | 'subresource' | 'name'
    > & { verb: string })
  | (Pick<OtherTarget, 'kind' | 'cluster' | 'path'> & { verb: string })
export type ResourceAttempt = Extract<AccessAttempt, { kind: 'resource' }>
export type PathAttempt = Extract<AccessAttempt, { kind: 'other' }>

/**
 * The identity for a request upstream: the person's, or the gateway's own, narrowed to these spaces. `itself`: the
 * gateway answers, about the objects that declare these spaces and, where `mapped`, about those in namespaces mapped to
 * the person.
 */
export type Decision =
  | { as: 'person'; space?: SpaceAccess }
  | { as: 'gateway'; spaceIds: string[] }
  | { as: 'itself'; spaceIds: string[]; mapped: boolean }

/** The same for every request and credential. */
export type AccessRules = {
  /** Where refusals send people for help. */
  portalUrl: string
  /** Cluster-scoped kinds that people may read, as `resource.group`. */
  clusterReadable: ReadonlySet<string>
}
