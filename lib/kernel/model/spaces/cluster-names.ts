/** Names that Spaceport uses on a cluster. Don't change them: other tools and our admission policies rely on them. */
export const fieldManager = 'spaceport'
export const usersNamespace = 'spaceport-users'
/** The namespace of Spaceport’s own identities (deploy/cluster-chart/templates). */
export const systemNamespace = 'spaceport-system'
/** The user names of Spaceport’s identities: one for web and worker, one for the gateway. */
export const brokerUserName = `system:serviceaccount:${systemNamespace}:spaceport-broker`
export const gatewayUserName = `system:serviceaccount:${systemNamespace}:spaceport-gateway`
/**
 * Reads what is wrong inside spaces (deploy/cluster-chart/templates/35-health.yaml). Only the broker may impersonate it.
 */
export const healthUserName = `system:serviceaccount:${systemNamespace}:spaceport-health`
/** The identity in fence proofs: it looks like a person but belongs to no one. */
export const proofHandle = 'spaceport-fence-proof'
/**
 * The namespace of fence proofs: it looks like a space and is always empty
 * (deploy/cluster-chart/templates/70-fence-proof.yaml).
 */
export const proofNamespace = 'spaceport-fence-proof'

export const labels = {
  managedBy: 'spaceport.dev/managed-by',
  spaceId: 'spaceport.dev/space-id',
  space: 'spaceport.dev/space',
} as const

export const annotations = {
  owner: 'spaceport.dev/owner',
  displayName: 'spaceport.dev/display-name',
  description: 'spaceport.dev/description',
  expiresAt: 'spaceport.dev/expires-at',
  requestId: 'spaceport.dev/request-id',
  /** The suffixes allowed for Ingress hosts, comma-separated; read by the fence `spaceport-reach`. */
  ingressSuffixes: 'spaceport.dev/ingress-suffixes',
  /** Additional platform namespaces, comma-separated; read by the fence `spaceport-reach`. */
  platformNamespaces: 'spaceport.dev/platform-namespaces',
  /** Random, chosen before the namespace exists: identifies a create after its answer was lost, never by name. */
  creation: 'spaceport.dev/creation',
  /** ClusterGrant[] of grant-on-cluster.ts: the roles of the space, for rebuilding a lost database. */
  grants: 'spaceport.dev/grants',
} as const

/** On a person's ServiceAccount. */
export const personAnnotations = {
  email: 'spaceport.dev/email',
  displayName: 'spaceport.dev/display-name',
  /** Identifies the person, so that they are recognized at sign-in after a lost database was rebuilt. */
  id: 'spaceport.dev/person-id',
  issuer: 'spaceport.dev/issuer',
  subject: 'spaceport.dev/subject',
  /** The ID token claim of the subject; absent: `sub`. */
  subjectClaim: 'spaceport.dev/subject-claim',
} as const

/** The user extra that carries the person's email into the cluster's audit log. */
export const emailExtra = 'spaceport.dev/email'

/** https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/ */
export const personUserName = (handle: string): string => `system:serviceaccount:${usersNamespace}:${handle}`

/** The groups that the API server gives our ServiceAccounts; a SubjectAccessReview must name them. */
export const personGroups: readonly string[] = [
  'system:serviceaccounts',
  `system:serviceaccounts:${usersNamespace}`,
  'system:authenticated',
]
