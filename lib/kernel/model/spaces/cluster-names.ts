/** The names that Spaceport uses on a cluster. Fixed: other people's tools and our admission policies rely on them. */
export const fieldManager = 'spaceport'
export const usersNamespace = 'spaceport-users'
/** Where Spaceport’s own identities are (deploy/cluster-chart/templates). */
export const systemNamespace = 'spaceport-system'
/** The user names of Spaceport’s identities: of web and worker, and of the gateway. */
export const brokerUserName = `system:serviceaccount:${systemNamespace}:spaceport-broker`
export const gatewayUserName = `system:serviceaccount:${systemNamespace}:spaceport-gateway`
/** Acts in fence proofs: looks like a person and is nobody. */
export const proofHandle = 'spaceport-fence-proof'
/** Where the fences are proved: it looks like a space and is always empty (deploy/cluster-chart/templates/70-fence-proof.yaml). */
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
  /** The suffixes that an Ingress host may end in, comma-separated; the fence `spaceport-reach` reads them. */
  ingressSuffixes: 'spaceport.dev/ingress-suffixes',
  /** Further namespaces of the platform, comma-separated; the fence `spaceport-reach` reads them. */
  platformNamespaces: 'spaceport.dev/platform-namespaces',
  /** Random, chosen before the namespace exists: a create whose answer was lost is recognised by it, never by name. */
  creation: 'spaceport.dev/creation',
  /** PlacedGrant[] of grant-on-cluster.ts: the roles of the space, as a database that was lost is rebuilt from them. */
  grants: 'spaceport.dev/grants',
} as const

/** Of a person's ServiceAccount. */
export const personAnnotations = {
  email: 'spaceport.dev/email',
  displayName: 'spaceport.dev/display-name',
  /** Who it is, so that whoever signs in after the database was lost is found again. */
  id: 'spaceport.dev/person-id',
  issuer: 'spaceport.dev/issuer',
  subject: 'spaceport.dev/subject',
  /** The claim of ID tokens that the subject is; without it: `sub`. */
  subjectClaim: 'spaceport.dev/subject-claim',
} as const

/** The user extra that carries the person's e-mail into the cluster's audit log. */
export const emailExtra = 'spaceport.dev/email'

/**
 * @returns the Kubernetes user name of a person
 *   (https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/)
 */
export const personUserName = (handle: string): string => `system:serviceaccount:${usersNamespace}:${handle}`

/** The groups that the API server gives our ServiceAccounts; a SubjectAccessReview has to name them. */
export const personGroups: readonly string[] = [
  'system:serviceaccounts',
  `system:serviceaccounts:${usersNamespace}`,
  'system:authenticated',
]
