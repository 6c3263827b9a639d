/**
 * What each secret is worth to a thief. The tests beside this file steal them and try each sentence. The page
 * docs/stolen-identities.md is rendered from it, and the table in SECURITY.md has each `worth`.
 */

export type StolenIdentity = {
  /** The heading on the page, and the name of its tests. */
  name: string
  /** What it is, and who holds it. */
  what: string
  /** All that it is worth, in one line. */
  worth: string
  can: readonly string[]
  cannot: readonly string[]
  /** When it stops working, and how its use shows. */
  ends: readonly string[]
}

const asOthers = 'As web’s database login.'

export const stolenIdentities = {
  credential: {
    name: 'Credential',
    what: 'The secret in a kubeconfig: `spt_` and 256 random bits.',
    worth: 'the person’s role in one space, or in all their spaces, until it expires (30 days at most)',
    can: [
      'Through the gateway, do what the person’s role allows: in its space or, if it is bound to none, in all their spaces.',
      'Outside spaces: read discovery, version and OpenAPI, review its own rights, list its own namespaces, read the objects that declare its own spaces.',
      'If bound to no space, read the kinds in `SPACEPORT_CLUSTER_READABLE`.',
    ],
    cannot: [
      'Leave its space, or get anything else from the cluster.',
      'Sign in to the portal, or create credentials or tokens.',
      'Work at the API server, or reach pods, services or nodes through its proxies.',
      'Be guessed from the six characters that are shown: 220 bits remain.',
    ],
    ends: [
      'After 8 hours by default, 30 days at most.',
      'When it is revoked, the person is deactivated or loses the role, or roles from groups are suspended.',
      'When the provider logs the person out by `sub`, unless `OIDC_LOGOUT_ENDS_CREDENTIALS` is `no`.',
      'Every gateway refuses the next request and cuts open streams.',
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
      'Be used by another site’s page.',
      'Be read from the database, which has its SHA-256 and, encrypted with `NEXTAUTH_SECRET`, the provider’s tokens for signing out and rechecks.',
    ],
    ends: [
      'At sign-out, the provider’s back-channel logout, the next sign-in in the same browser, or deactivation.',
      'After 1 hour without use, and after 8 hours in any case. An open page of a space counts as use until ten minutes after somebody last touched it.',
      'The cookie stays for up to 32 hours after sign-in, and the session’s row for 24 hours after it expired (after sign-in, if ended early). They open nothing in the portal. But the cookie’s holder can sign the person out at the provider, and read the ID token (name, e-mail address, groups) in that address.',
    ],
  },
  brokerToken: {
    name: 'Broker’s token',
    what: 'The ServiceAccount token of web and worker on a cluster.',
    worth: 'everything in all spaces of its cluster',
    can: [
      'Do everything in all spaces: create and delete them, make anybody a member, act as any person, loosen quotas and network policies.',
      'See all namespaces, quotas, limit ranges, network policies, bindings, Roles, ClusterRoles and Space objects.',
      'See people’s ServiceAccounts, with names, e-mail addresses and subjects at the provider.',
      'See nodes (labels, addresses, versions, images) and, with metrics-server, all pods’ names, labels, CPU and memory.',
      'Ask what anybody may do.',
      'Write the status of Space objects, and let them be deleted.',
    ],
    cannot: [
      'Touch a namespace that isn’t a space.',
      'Bind any role but the three of a space, or anybody but people.',
      'Read secrets or pods as itself, or act as anybody but people.',
      'Reach kubelets, change nodes, create tokens, or change its own fences.',
      'Declare a space, or change what an object declares.',
    ],
    ends: [
      'When its ServiceAccount is deleted and created again, or the token expires. A new token doesn’t end the old one.',
      'The worker restores bindings, quotas and network policies that differ from the database.',
      'The cluster’s audit log shows its use. With [the clusters’ own audit](cluster-audit.md), the trail has as `cluster.unmatched`: changes as a person; reads of secrets or logs; `exec`, `attach`, `port-forward` and proxy requests as the broker; and anything as somebody else than Spaceport’s people, except the proofs of the fences. Admins and auditors are notified.',
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
      'Act as anybody else: a user, another ServiceAccount, the group `system:masters`.',
      'Create spaces or members, or read anything else as itself.',
    ],
    ends: [
      'As the broker’s token.',
      'The cluster’s audit log has the gateway as the user and the person as impersonated. With [the clusters’ own audit](cluster-audit.md), the trail has as `cluster.unmatched`, in the gateway’s name: changes, and reads of secrets or logs, that the gateway didn’t make; and anything as somebody else than Spaceport’s people. Admins and auditors are notified.',
    ],
  },
  webLogin: {
    name: 'Web’s database login',
    what: 'It has the role `spaceport_web`.',
    worth: 'being anybody in the portal',
    can: [
      'Write spaces, grants, credentials and sessions, and so be anybody in the portal.',
      'Read the trail, and add to it.',
      'End sessions of the other processes’ logins that block it.',
      'Stop the portal, by ending its connections or locking its tables.',
    ],
    cannot: [
      'Change, remove or truncate the trail, or choose a row’s place in it.',
      'Undo an end, except of sessions and, with a row in the trail, a deactivation.',
      'Learn a session, a credential (but six characters) or a code: only hashes are stored.',
      'Move a credential, a session or a token to somebody else.',
      'Create a break-glass code, or use one again.',
      'Read the queue, or queue anything but a reconcile.',
      'Reach a cluster, except by what web and worker do with its rows.',
      'Run programs or read files on the database’s machine.',
    ],
    ends: [
      'When its password is replaced *and* its open connections are ended (`pg_terminate_backend`): a new password leaves them open.',
    ],
  },
  workerLogin: {
    name: 'Worker’s database login',
    what: 'It has the role `spaceport_worker`.',
    worth: 'ending access, and inventing spaces that count as declared in Git',
    can: [
      'End grants, requests, credentials and spaces, and deactivate people not seen for 30 days, but not the last platform admin.',
      'Complete certificates of offboardings, start reviews, and write their lines and reports.',
      'Write what was observed of a space (its namespace’s UID too) and of a cluster’s fences.',
      'Create spaces that count as declared in Git, for any owner and members; change such spaces, and request one, or more for one, in its owner’s name.',
      'Queue and drop jobs.',
      'Read who has what, and the trail.',
      'Add to the trail, also what no cluster’s audit reported; record how far it was delivered; write the contents of requested exports.',
    ],
    cannot: [
      'Undo a revocation, a removal, a deactivation, or a closed request or review.',
      'Keep a revocation in the portal waiting: the session that blocks it is ended.',
      'Create, extend or raise a person, a group membership or a credential, nor a grant, request or space that no object declares.',
      'Mark a space as declared.',
      'See a session, or the hash of a credential.',
      'Change the queue’s schema, or act as a role that owns something.',
      'Do anything else to the trail.',
    ],
    ends: [asOthers],
  },
  gatewayLogin: {
    name: 'Gateway’s database login',
    what: 'It has the role `spaceport_gateway`.',
    worth: 'reading who has what, and adding to the trail',
    can: [
      'Read who has what, the policy, and the hashes of credentials.',
      'Write when, from where and with which client a credential was used, and when somebody used a space.',
      'Add to the trail.',
    ],
    cannot: [
      'Create or change a session, person, group membership, grant, credential, space or request.',
      'Undo a revocation, or keep one waiting by a lock.',
      'Erase a use of a space.',
      'See sessions or requests, or read the trail.',
      'Queue a job.',
    ],
    ends: [asOthers],
  },
  ownerLogin: {
    name: 'Database owner’s login',
    what: 'For migrations. Keep it away from the running processes.',
    worth: 'the whole database, but no unnoticed change to what the trail has sealed',
    can: ['Do all that the processes’ logins can, and drop the triggers that keep the trail append-only.'],
    cannot: [
      'Change sealed rows of the trail without `npm run audit:verify` naming it, given a checkpoint kept elsewhere. It also names a pseudonym or archive that no sealed row accounts for.',
      'Sign a checkpoint.',
    ],
    ends: [asOthers],
  },
  archiverLogin: {
    name: 'Archiver’s database login',
    what: 'An operator’s login with the role `spaceport_archiver`. Keep it where the archives are made, not on the processes’ machines.',
    worth: 'reading the whole trail, and taking out old months, on the record',
    can: [
      'Read the whole trail.',
      'Take out months older than `audit_retention`, claiming a file that may not exist. The trail records it, with the deliveries that lack the month. For a week the owner can attach the month again.',
      'Give a pseudonym to people offboarded with a complete certificate.',
      'Block all writes to the trail while its transaction is open, until somebody’s access is revoked: then its session is ended.',
    ],
    cannot: [
      'Take out a younger month, one that still has an older one before it, or anything but what the blocks say.',
      'Shorten the week.',
      'Write to the trail otherwise, or put anything but the pseudonym into a row.',
      'Read or change people, sessions or anything else.',
      'Pseudonymise anybody else.',
    ],
    ends: [asOthers],
  },
  sessionSecret: {
    name: 'NEXTAUTH_SECRET',
    what: 'Web’s secret. It encrypts cookies of sign-ins, and the provider’s tokens in the database.',
    worth: 'little alone; with the database, names, e-mail addresses and groups',
    can: [
      'Forge the cookies of a sign-in in progress, in a browser that the thief already controls.',
      'With the database: read the provider’s tokens of sessions, with names, e-mail addresses and groups.',
      'With the client secret too: ask the provider about these people while it accepts those tokens.',
    ],
    cannot: ['Forge a session, which is a random value in the database.'],
    ends: [
      'When it is replaced, and isn’t `NEXTAUTH_SECRET_OTHER` either ([how](rotation.md#the-session-secret)). No session is lost. What was copied from the database earlier stays readable.',
    ],
  },
  webhookSecret: {
    name: 'SPACEPORT_WEBHOOK_SECRET',
    what: 'It encrypts webhooks in the database.',
    worth: 'nothing alone; with the database, people’s webhooks',
    can: ['With the database: read people’s webhook URLs, post to them, and sign as Spaceport.'],
    cannot: ['Do anything in the portal or on a cluster, or read a webhook without the database.'],
    ends: ['When it is replaced, and with it the URLs and secrets at the receivers.'],
  },
  checkpointKey: {
    name: 'SPACEPORT_CHECKPOINT_KEY',
    what: 'The worker signs the trail’s checkpoints with it.',
    worth: 'nothing alone; with the database owner’s login, a recomputed trail that verifies',
    can: ['With the database owner’s login: sign a recomputed trail.'],
    cannot: ['Change the trail.', 'Make a recomputed trail match checkpoints that were kept elsewhere.'],
    ends: ['When it is replaced. Tell auditors since when its signatures don’t count.'],
  },
  clientSecret: {
    name: 'OIDC_CLIENT_SECRET',
    what: 'The secret of Spaceport’s client at the identity provider.',
    worth: 'nothing alone',
    can: ['Authenticate to the provider as this client.'],
    cannot: [
      'Sign anybody in: codes go only to the registered redirect URI, and PKCE, state and nonce bind them to the browser that asked.',
    ],
    ends: ['When it is replaced at the provider.'],
  },
  breakGlassCode: {
    name: 'Break-glass code',
    what: '160 random bits on paper.',
    worth: 'one hour as platform admin, with an alarm',
    can: ['Be a platform admin for an hour, without the identity provider.'],
    cannot: [
      'Work twice.',
      'Be guessed, or read from the database, which has its SHA-256.',
      'Be used silently: the log has an error, and every admin gets a banner, an inbox event and a mail, even if the thief deactivates them first.',
      'Own a space, get a kubeconfig, decide on a request or in a review, or acknowledge its own alarm.',
    ],
    ends: [
      'An hour after use.',
      'Unused: when `bin/spaceport break-glass seal` creates another, or `void` revokes it.',
    ],
  },
  provisioningToken: {
    name: 'Provisioning token',
    what: '`sps_` and 256 random bits, with the identity provider ([ADR 23](adr/0023-provisioning-by-scim.md)).',
    worth: 'deactivating almost everybody, and filling groups that have roles in spaces',
    can: [
      'Add people by SCIM, and read back what the provider sent of them (names, addresses, departments).',
      'Link and deactivate anybody of the provider, even platform admins, while one remains who had no hand in the token.',
      'Put provisioned people into groups that it pushes, and so give them the groups’ roles. The spaces’ owners are notified.',
      'Take away memberships from sign-ins, by pushing the group.',
    ],
    cannot: [
      'Give a role in a space, or a platform role.',
      'Give its makers anything, by a membership or a group’s name.',
      'Change a group that gives a platform role, lets people sign in, decides on requests or is exempt, unless the operator listed it.',
      'Readmit people whom an admin deactivated or offboarded, or whom it deleted.',
      'Turn one person into another.',
      'Sign in, reach a cluster, or own or see spaces, kubeconfigs, sessions or other tokens (stored as SHA-256).',
      'Make two changes at once, or keep its own revocation waiting.',
      'Be created by one admin alone, last longer than a year, or work after a responsible admin stops being an active platform admin.',
      'Act in the trail without its makers’ names.',
    ],
    ends: [
      'When an admin or `bin/spaceport provisioning-token` revokes it: the next request is refused, and so is one that waits.',
      '**Freeze provisioning** refuses every change by any token, but no reads.',
      'Afterwards, look for `provisioning.` in the trail.',
    ],
  },
  auditToken: {
    name: 'Cluster audit token',
    what: '`spa_` and 256 random bits, with the API server.',
    worth: 'inventing events of its cluster',
    can: ['Report events on that cluster that didn’t happen.'],
    cannot: [
      'Read anything, or be used anywhere else.',
      'Report for another cluster, or in the name of one of Spaceport’s processes.',
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
      'Be anybody of [another provider](several-providers.md), answer in its place, or change what is known of its people.',
    ],
    ends: [
      'When the provider has recovered. Then run `DELETE FROM session` and `UPDATE credential SET revoked_at = now() WHERE revoked_at IS NULL`, and check in the trail what was given away until then.',
    ],
  },
  podToken: {
    name: 'Pod’s token',
    what: 'The token of a ServiceAccount of a space.',
    worth: 'what the space’s admins allowed that ServiceAccount',
    can: ['Do what the space’s admins allowed it.'],
    cannot: [
      'Reach another space.',
      'Bind anybody but ServiceAccounts of its own namespace.',
      'Be used at the gateway.',
    ],
    ends: ['When an admin of the space takes its rights away, or with the pod.'],
  },
} as const satisfies Readonly<Record<string, StolenIdentity>>
