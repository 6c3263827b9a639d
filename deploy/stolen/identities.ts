/**
 * What each secret is worth to a thief. The tests beside this file steal them and test each sentence. The page
 * docs/stolen-identities.md is rendered from it, and the table in SECURITY.md has each `worth`.
 */

export type StolenIdentity = {
  /** The heading on the page, and the name of its tests. */
  name: string
  /** What it is, and who holds it. */
  what: string
  /** Its whole worth, in one line. */
  worth: string
  can: readonly string[]
  cannot: readonly string[]
  /** When it stops working. */
  ends: readonly string[]
  /** How its use is noticed, and how to undo it. */
  shows?: readonly string[]
}

const likeWeb = 'Like web’s database login.'

export const stolenIdentities = {
  credential: {
    name: 'Credential',
    what: 'The secret in a kubeconfig: `spt_` and 256 random bits.',
    worth: 'the person’s role in one space, or in all their spaces, until it expires (30 days at most)',
    can: [
      'Through the gateway, do what the person’s role allows, in the space to which the credential is bound or, if it is bound to none, in all their spaces.',
      'Outside spaces, read discovery, version, OpenAPI, the credential’s rights, its namespaces, and the objects that declare its spaces.',
      'If it is bound to none, read the kinds in `SPACEPORT_CLUSTER_READABLE`.',
    ],
    cannot: [
      'Leave that space, or get anything else from the cluster.',
      'Sign in to the portal, or create credentials or tokens.',
      'Use it at the API server, or reach pods, services or nodes through the API server’s proxies.',
    ],
    ends: [
      'After 8 hours by default, 30 days at most.',
      'When it is revoked, the person is deactivated or loses the role, or roles from groups are suspended.',
      'When the provider logs the person out by `sub`, unless `OIDC_LOGOUT_ENDS_CREDENTIALS` is `no`.',
      'Every gateway then refuses the next request and cuts open streams.',
    ],
  },
  browserSession: {
    name: 'Browser session',
    what: 'A cookie of 256 random bits: HttpOnly, SameSite=Lax, for this host only, Secure on https.',
    worth: 'everything the person can do in the portal, for up to 8 hours',
    can: [
      'Do everything the person can do in the portal.',
      'Create credentials that last as many hours as the policy allows without a fresh sign-in (24 by default).',
    ],
    cannot: [
      'Approve that person’s own requests.',
      'Use it from another site’s page.',
      'Read it from the database, which has its SHA-256. The provider’s tokens there are encrypted.',
    ],
    ends: [
      'At sign-out, the provider’s back-channel logout, the next sign-in in the same browser, or deactivation.',
      'After 1 hour without use (an open page counts as use for ten minutes after the last interaction), and after 8 hours in any case.',
      'Until 32 hours after sign-in at most, the cookie still signs the person out at the provider, by an address that has the ID token: name, email address, groups.',
    ],
  },
  brokerToken: {
    name: 'Broker’s token',
    what: 'The ServiceAccount token of web and worker on a cluster.',
    worth: 'everything in all spaces of its cluster',
    can: [
      'Do everything in all spaces: create and delete them, make anyone a member, act as any person, loosen quotas and network policies.',
      'See all namespaces, quotas, limit ranges, network policies, bindings, Roles, ClusterRoles, Space objects, and people’s ServiceAccounts with names, email addresses and subjects at the provider.',
      'See nodes (labels, addresses, versions, images) and, with metrics-server, all pods’ names, labels, CPU and memory.',
      'As `spaceport-health`, read pods (with environment variables in their specs), events and workloads of the whole cluster.',
      'Ask what anyone may do.',
      'Write the status of Space objects, and let them be deleted.',
    ],
    cannot: [
      'Change a namespace that isn’t a space.',
      'Bind any role but the three of a space, or anyone but people.',
      'Read secrets, or act as anyone but people and `spaceport-health`, which can’t read secrets, ConfigMaps or logs, or change anything.',
      'Reach kubelets, change nodes, create tokens, or change the fences.',
      'Declare a space, or change what an object declares.',
    ],
    ends: [
      'When its ServiceAccount is deleted and created again, or the token expires. A new token doesn’t end the old one.',
    ],
    shows: [
      'In the cluster’s audit log.',
      'If Spaceport receives [the cluster’s audit](cluster-audit.md), as `cluster.unmatched` in the trail: changes as a person; reads of secrets or logs; `exec`, `attach`, `port-forward` and proxy requests as the broker; and any request as an identity that isn’t one of Spaceport’s people, except the proofs of the fences.',
      'The worker restores bindings, quotas and network policies that differ from the database.',
    ],
  },
  gatewayToken: {
    name: 'Gateway’s token',
    what: 'The gateway’s ServiceAccount token on a cluster.',
    worth: 'every person’s rights on its cluster',
    can: [
      'Act as any person at the API server, with that person’s rights.',
      'List all namespaces with labels and annotations, which name each space’s owner.',
      'List Space objects, with the members and reasons in them.',
    ],
    cannot: [
      'Act as anyone else, such as another ServiceAccount or `system:masters`.',
      'Create spaces or members, or read anything else as the gateway.',
    ],
    ends: ['Like the broker’s token.'],
    shows: [
      'In the cluster’s audit log, with the person as impersonated.',
      'If Spaceport receives [the cluster’s audit](cluster-audit.md), as `cluster.unmatched` in the trail: changes and reads of secrets or logs that the gateway didn’t make, and any request as an identity that isn’t one of Spaceport’s people.',
    ],
  },
  webLogin: {
    name: 'Web’s database login',
    what: 'A Postgres login with the role `spaceport_web`.',
    worth: 'being anyone in the portal',
    can: [
      'Write spaces, grants, credentials and sessions, and so be anyone in the portal.',
      'Read the trail, and add to it.',
      'End sessions of the other processes’ logins that block it.',
      'Stop the portal, by ending its database connections or locking its tables.',
    ],
    cannot: [
      'Change, remove or truncate the trail, or choose a row’s place in it.',
      'Undo what has ended, except sessions and, with a row in the trail that records it, a deactivation.',
      'Learn a session, a credential or a code: only hashes are stored.',
      'Move a credential, a session or a token to someone else.',
      'Create a break-glass code, or use one again.',
      'Read the queue, or queue anything but a reconcile.',
      'Reach a cluster, except by what web and worker do with its rows.',
      'Run programs or read files on the database’s machine.',
    ],
    ends: ['When its password is replaced *and* its open connections are ended (`pg_terminate_backend`).'],
  },
  workerLogin: {
    name: 'Worker’s database login',
    what: 'A Postgres login with the role `spaceport_worker`.',
    worth: 'ending access, and inventing spaces that count as declared in Git',
    can: [
      'End grants, requests, credentials and spaces, and deactivate people not seen for 30 days, but not the last platform admin.',
      'Complete certificates of offboardings, start reviews, and write their lines and reports.',
      'Write what was observed of a space (also its namespace’s UID) and of a cluster’s fences.',
      'Create and change spaces that count as declared in Git, for any owner and members; request one, or more for one, in its owner’s name.',
      'Queue and drop jobs.',
      'Read who has what, and the trail.',
      'Add to the trail, including events that no cluster’s audit reported; record how far it was delivered; write the contents of requested exports.',
    ],
    cannot: [
      'Undo a revocation, a removal, a deactivation, or a closed request or review.',
      'Block a revocation in the portal: the session that tries is ended.',
      'Create, extend or raise a person, a group membership or a credential, nor a grant, request or space that no object declares.',
      'Mark a space as declared.',
      'See a session, or the hash of a credential.',
      'Change the queue’s schema, or act as a role that owns something.',
      'Change the trail in any other way.',
    ],
    ends: [likeWeb],
  },
  gatewayLogin: {
    name: 'Gateway’s database login',
    what: 'A Postgres login with the role `spaceport_gateway`.',
    worth: 'reading who has what, and adding to the trail',
    can: [
      'Read who has what, the policy, and the hashes of credentials.',
      'Write when, from where and with which client a credential was used, and when a person used a space.',
      'Add to the trail.',
    ],
    cannot: [
      'Create or change a session, person, group membership, grant, credential, space or request.',
      'Undo a revocation, or block one with a lock.',
      'Erase a use of a space.',
      'See sessions or requests, or read the trail.',
      'Queue a job.',
    ],
    ends: [likeWeb],
  },
  ownerLogin: {
    name: 'Database owner’s login',
    what: 'The Postgres login for migrations.',
    worth: 'the whole database, but no unnoticed change to what the trail has sealed',
    can: ['Do everything that the processes’ logins can, and drop the triggers that keep the trail append-only.'],
    cannot: [
      'Change sealed rows of the trail without `npm run audit:verify` naming it, given a checkpoint kept elsewhere. It also names a pseudonym or archive without a sealed record.',
      'Sign a checkpoint.',
    ],
    ends: [likeWeb],
  },
  archiverLogin: {
    name: 'Archiver’s database login',
    what: 'An operator’s login with the role `spaceport_archiver` ([where to keep it](guide-operators-trail.md#the-archivers-login)).',
    worth: 'reading the whole trail, and detaching old months, on the record',
    can: [
      'Read the whole trail.',
      'Detach months older than `audit_retention`, claiming a file that may not exist. The trail records it, with the deliveries that lack the month. For a week the owner can attach the month again.',
      'Give a pseudonym to people offboarded with a complete certificate.',
      'Block all writes to the trail with an open transaction, until the next revocation ends it.',
    ],
    cannot: [
      'Detach a younger month, one with an older month still before it, or anything but what the blocks say.',
      'Shorten the week.',
      'Write to the trail in another way, or put anything but the pseudonym into a row.',
      'Read or change people, sessions or anything else.',
    ],
    ends: [likeWeb],
  },
  sessionSecret: {
    name: 'NEXTAUTH_SECRET',
    what: 'Web’s secret. It encrypts cookies of sign-ins, and the provider’s tokens in the database.',
    worth: 'little alone; with the database, names, email addresses and groups',
    can: [
      'Forge the cookies of a sign-in in progress, in a browser that the thief already controls.',
      'With the database: read the provider’s tokens of sessions, with names, email addresses and groups.',
      'With the client secret too: ask the provider about these people while it accepts those tokens.',
    ],
    cannot: ['Forge a session, which is a random value in the database.'],
    ends: [
      'When [it is replaced](rotation.md#the-session-secret), and isn’t `NEXTAUTH_SECRET_OTHER` either. What was copied from the database earlier stays readable.',
    ],
  },
  webhookSecret: {
    name: 'SPACEPORT_WEBHOOK_SECRET',
    what: 'It encrypts webhooks in the database.',
    worth: 'nothing alone; with the database, people’s webhooks',
    can: ['With the database: read the URLs of people’s webhooks, post to them, and sign as Spaceport.'],
    cannot: ['Do anything in the portal or on a cluster.'],
    ends: ['When it is replaced, and the URLs and secrets at the receivers as well.'],
  },
  checkpointKey: {
    name: 'SPACEPORT_CHECKPOINT_KEY',
    what: 'The worker signs the trail’s checkpoints with it.',
    worth: 'nothing alone; with the database owner’s login, a recomputed trail that verifies',
    can: ['With the database owner’s login: sign a recomputed trail.'],
    cannot: ['Change the trail.', 'Make a recomputed trail match checkpoints that were kept elsewhere.'],
    ends: ['When it is replaced. Tell auditors the time after which its signatures don’t count.'],
  },
  clientSecret: {
    name: 'OIDC_CLIENT_SECRET',
    what: 'The secret of Spaceport’s client at the identity provider.',
    worth: 'nothing alone; with `NEXTAUTH_SECRET` and the database, what the provider says about people',
    can: ['Authenticate to the provider as this client.'],
    cannot: [
      'Sign anyone in: codes go only to the registered redirect URI, bound to the browser that asked (PKCE, state, nonce).',
    ],
    ends: ['When it is replaced at the provider.'],
  },
  breakGlassCode: {
    name: 'Break-glass code',
    what: '160 random bits on paper.',
    worth: 'one hour as platform admin, with an alarm',
    can: ['Be a platform admin for an hour, without the identity provider.'],
    cannot: [
      'Use it twice.',
      'Guess it, or read it from the database, which has its SHA-256.',
      'Use it unnoticed: the log has an error, and every admin gets a banner, an inbox event and a mail, even if the thief deactivates them first.',
      'Own a space, get a kubeconfig, decide on a request or in a review, or acknowledge the alarm.',
    ],
    ends: [
      'An hour after use.',
      'If unused: when `bin/spaceport break-glass create` creates another, or `void` revokes it.',
    ],
  },
  provisioningToken: {
    name: 'Provisioning token',
    what: '`sps_` and 256 random bits, with the identity provider ([ADR 23](adr/0023-provisioning-by-scim.md)).',
    worth: 'deactivating almost everyone, and filling groups that have roles in spaces',
    can: [
      'Add people, and read back what the provider sent of them (names, addresses, departments).',
      'Link and deactivate anyone at the provider but the last platform admin who had no hand in the token.',
      'Push groups, and so give provisioned people the groups’ roles. The spaces’ owners are notified.',
      'Take away memberships from sign-ins, by pushing the group.',
    ],
    cannot: [
      'Give a role in a space, or a platform role.',
      'Give the token’s makers anything, by a membership or a group’s name.',
      'Change a group that gives a platform role, lets people sign in, decides on requests or is exempt, unless the operator listed it.',
      'Readmit people whom an admin deactivated or offboarded, or whom the token deleted.',
      'Turn one person into another.',
      'Sign in, reach a cluster, or own or see spaces, kubeconfigs, sessions or other tokens.',
      'Make two changes at once, or block the token’s revocation.',
      'Get one from one admin alone, or use it for more than a year, or after a responsible admin stops being an active platform admin.',
      'Keep its makers’ names out of the trail.',
    ],
    ends: [
      'When an admin or `bin/spaceport provisioning-token` revokes it: the next request is refused, and so is one that waits.',
      '**Freeze provisioning** refuses every change by any token, but no reads.',
    ],
    shows: ['In the trail, by actions that begin with `provisioning.`'],
  },
  auditToken: {
    name: 'Cluster audit token',
    what: '`spa_` and 256 random bits, with the API server.',
    worth: 'inventing events of its cluster',
    can: ['Report events on that cluster that didn’t happen.'],
    cannot: [
      'Read anything, or use it anywhere else.',
      'Report for another cluster, or as one of Spaceport’s processes.',
      'Hide or change rows of the trail, even with a reused Audit-ID.',
      'Choose a row’s place, `recorded_at` or hash.',
    ],
    ends: ['Within a second after `bin/spaceport audit-webhook` revokes it.'],
  },
  identityProvider: {
    name: 'Identity provider',
    what: 'The provider itself, in an attacker’s hands.',
    worth: 'being any of its people, and making them admins',
    can: ['Be any of its own people, and put them into groups that its configuration makes admins.'],
    cannot: [
      'Be anyone from [another provider](several-providers.md), answer in its place, or change what is known of its people.',
    ],
    ends: [
      'When the provider has recovered. Then run `DELETE FROM session` and `UPDATE credential SET revoked_at = now() WHERE revoked_at IS NULL`, and check in the trail what was given away until then.',
    ],
  },
  podToken: {
    name: 'Pod’s token',
    what: 'The token of a ServiceAccount of a space.',
    worth: 'what the space’s admins allowed that ServiceAccount',
    can: ['Do what the space’s admins allowed the ServiceAccount.'],
    cannot: [
      'Reach another space.',
      'Bind anyone but ServiceAccounts of the same namespace.',
      'Use it at the gateway.',
    ],
    ends: ['When an admin of the space takes the rights away, or with the pod.'],
  },
} as const satisfies Readonly<Record<string, StolenIdentity>>
