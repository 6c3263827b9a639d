/** The texts of every action of the trail. Lists, stories and filters all use these. */

import { minutesInWords } from '#lib/kernel/model/access/role-term.ts'
import type { TrailAction } from '#lib/kernel/model/audit/audit-action.ts'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import {
  countIn,
  credential,
  type DescribedEvent,
  inSpace,
  instantIn,
  ownerOfCredential,
  personIn,
  principal,
  targetName,
  targetPerson,
  textIn,
  theSpace,
  toSelf,
  valueIn,
} from './event-words.ts'
import { anonymousRequests, type Request, requestWords, streamEnd } from './kubectl-words.ts'
import { grantedContent, requestedContent, theRequest } from './request-details.ts'
import { named, type SentencePart } from './sentence-part.ts'
import { who } from './who.ts'

type Words = {
  /** The action without its object, for a filter: `Deleted a space`. */
  label: string
  /** The verb, `deleted` and `delete`, with the object. */
  describe: (event: DescribedEvent) => Request
  /** A whole sentence, if the actor isn't its subject; null: the default one. */
  sentence?: (event: DescribedEvent) => SentencePart[] | null
}

/**
 * @param did in the past tense
 * @param toDo in the infinitive
 * @param things the general object, for the filter
 * @param what the specific object
 */
const phrase = (
  did: string,
  toDo: string,
  things: string,
  what?: (event: DescribedEvent) => SentencePart[],
): Words => ({
  label: `${did.charAt(0).toUpperCase()}${did.slice(1)}${things === '' ? '' : ` ${things}`}`,
  describe: (event) => ({ did, toDo, what: what ? what(event) : things === '' ? [] : [things] }),
})

/** Whether the portal sent the request for a person in the browser. */
const isFromBrowser = ({ detail }: DescribedEvent): boolean => valueIn(detail, 'browser') === true

const kubectl = (verb: string, label: string): Words => ({
  label: `${label} with kubectl`,
  describe: (event) => requestWords(event, verb, isFromBrowser(event) ? ' in the browser' : ' with kubectl'),
  sentence: anonymousRequests,
})

/** Events from the cluster's own audit log. */
const cluster = (verb: string, label: string): Words => ({
  label: `${label} at the API server`,
  describe: (event) =>
    requestWords(event, verb, event.route === 'around' ? ' bypassing the gateway' : ' at the API server'),
})

/** The row names the token's owner, not whoever used it. */
const stolenTokenUse: Words = {
  label: 'Used Spaceport’s token outside Spaceport',
  describe: (event) => requestWords(event, textIn(event.detail, 'verb') ?? 'request', ''),
  sentence: (event) => {
    const { did, toDo, what } = stolenTokenUse.describe(event)
    const verb = event.outcome === 'ok' ? did : `tried to ${toDo}`
    const person = textIn(event.detail, 'impersonated')
    return [
      `Someone with Spaceport’s token ${verb} `,
      ...what,
      ...(event.full && person !== null ? [' as ', named(person)] : []),
    ]
  },
}

const until = (event: DescribedEvent, key = 'endsAt', before = ' until '): SentencePart[] => {
  const at = instantIn(event.detail, key)
  return at === null ? [] : [`${before}${at}`]
}

const because = ({ detail, full }: DescribedEvent): SentencePart[] => {
  const why = textIn(detail, 'why')
  return full && why !== null ? [`: ${why.replace(/\.$/, '')}`] : []
}

const role = (event: DescribedEvent): string => textIn(event.detail, 'role') ?? 'a role'

/** `Bob’s editor role in web-dev` */
const memberRole = (event: DescribedEvent): SentencePart[] => [
  ...principal(event),
  `’s ${role(event)} role`,
  ...inSpace(event),
]

/** `Bob’s role in web-dev from viewer to editor` */
function roleChange(event: DescribedEvent): SentencePart[] {
  const [before, after] = [valueIn(event.detail, 'before'), valueIn(event.detail, 'after')]
  const [from, to] = [textIn(before, 'role'), textIn(after, 'role')]
  const changed = from !== null && to !== null && from !== to ? ` from ${from} to ${to}` : ''
  const ends = instantIn(after, 'endsAt')
  const hadEnd = instantIn(before, 'endsAt')
  const end = ends === hadEnd ? '' : ends === null ? ', without an end date' : `, until ${ends}`
  return [...principal(event), '’s role', ...inSpace(event), `${changed}${end}`]
}

/** `the space web-dev: size from S to M, description` */
function spaceChange(event: DescribedEvent): SentencePart[] {
  const [before, after] = [valueIn(event.detail, 'before'), valueIn(event.detail, 'after')]
  const [from, to] = [textIn(before, 'size'), textIn(after, 'size')]
  const changes: string[] = []
  if (to !== null && from !== to) changes.push(from === null ? `size ${to}` : `size from ${from} to ${to}`)
  if (valueIn(after, 'endsAt') !== undefined) {
    const end = instantIn(after, 'endsAt')
    changes.push(end === null ? 'no end' : `ends ${end}`)
  }
  if (valueIn(after, 'description') !== undefined) changes.push('description')
  return [...theSpace(event), ...(changes.length > 0 ? [`: ${changes.join(', ')}`] : [])]
}

const offeredTo = (event: DescribedEvent): SentencePart[] => [
  ...theSpace(event),
  ' to ',
  personIn(event, 'to', 'someone'),
]
const offeredBy = (event: DescribedEvent): SentencePart[] => [
  ...theSpace(event),
  ' from ',
  personIn(event, 'from', 'its owner'),
]

/** `Alice’s kubeconfig`, `3 kubeconfigs` */
function credentials(event: DescribedEvent): SentencePart[] {
  const { detail, actor } = event
  const listed = valueIn(detail, 'credentials')
  const count = countIn(detail, 'count') ?? countIn(detail, 'credentialCount') ?? countIn(detail, 'selected')
  const many = count ?? (Array.isArray(listed) ? listed.length : null)
  if (many !== null) return [inNumber(many, 'kubeconfig')]
  const owner = ownerOfCredential(event)
  if (owner === null || owner.handle === actor.handle) return [credential(event, 'a kubeconfig')]
  return [{ is: 'person', ...owner }, '’s ', credential(event, 'kubeconfig')]
}

function newCredential(event: DescribedEvent): SentencePart[] {
  if (isFromBrowser(event)) return [credential(event, 'browser access'), ' to their spaces']
  const bound = valueIn(event.detail, 'bound')
  const where = bound === false ? [' for all of their spaces'] : inSpace(event, ' for ')
  const name = textIn(event.detail, 'name')
  return [
    credential(event, name === null ? 'a kubeconfig' : `a kubeconfig “${name}”`),
    ...where,
    ...until(event, 'endsAt', ', valid until '),
  ]
}

const requestOfPerson = (event: DescribedEvent): SentencePart[] =>
  theRequest(
    event,
    textIn(event.detail, 'requester') === null ? null : [personIn(event, 'requester', 'someone'), '’s '],
  )

const progress = ({ detail }: DescribedEvent): SentencePart[] => {
  const [number, needed] = [countIn(detail, 'approval'), countIn(detail, 'approvals')]
  return number !== null && needed !== null && needed > 1 ? [` (approval ${number} of ${needed})`] : []
}

const webhook = (event: DescribedEvent): SentencePart[] =>
  event.target.name === null ? ['a webhook'] : ['the webhook to ', named(event.target.name)]

function sessions(event: DescribedEvent): SentencePart[] {
  const count = countIn(event.detail, 'sessions')
  const some = count === null ? 'sessions' : inNumber(count, 'session')
  return toSelf(event) ? [`${some} of their own`] : [`${some} of `, targetPerson(event)]
}

const adminRole = (event: DescribedEvent): SentencePart[] =>
  toSelf(event) ? ['their own platform admin role'] : [targetPerson(event), '’s platform admin role']

const review = (event: DescribedEvent): SentencePart[] =>
  event.target.name === null ? ['an access review'] : ['the access review ', named(event.target.name)]

const inReview = ({ detail }: DescribedEvent): SentencePart[] => {
  const name = textIn(detail, 'reviewName')
  return name === null ? [' in an access review'] : [' in the access review ', named(name)]
}

const binding = (event: DescribedEvent): SentencePart[] => [
  'the binding ',
  named(textIn(event.detail, 'binding') ?? 'of a cluster'),
  ...inSpace(event),
]

function decided(event: DescribedEvent): SentencePart[] {
  const decision = textIn(event.detail, 'decision')
  const words: Readonly<Record<string, string>> = {
    keep: 'to keep access',
    revoke: 'to revoke access',
    lower: `to lower access to ${textIn(event.detail, 'toRole') ?? 'a lower role'}`,
    flag: 'to flag bindings',
  }
  const prefix = decision !== null && Object.hasOwn(words, decision) ? `${words[decision]} in ` : 'in '
  return [prefix, ...review(event)]
}

const token = (event: DescribedEvent): SentencePart[] =>
  event.target.name === null ? ['a provisioning token'] : ['the provisioning token ', named(event.target.name)]

const group = (event: DescribedEvent): SentencePart[] =>
  event.target.name === null ? ['a group'] : ['the group ', named(event.target.name)]

/** `who may delete pods in web-dev`, `what Bob may do in web-dev` */
function question(event: DescribedEvent): SentencePart[] {
  const [verb, resource] = [textIn(event.detail, 'verb'), textIn(event.detail, 'resource')]
  const where = inSpace(event)
  if (textIn(event.detail, 'question') === 'what-may')
    return ['the cluster what ', personIn(event, 'person', 'someone'), ' may do', ...where]
  return ['the cluster who may ', named(`${verb ?? 'do'} ${resource ?? 'what'}`), ...where]
}

/** `a verification of the audit trail, from 1 Nov 2026, 00:00 UTC` */
const range = (event: DescribedEvent): SentencePart[] => [
  'a verification of the audit trail',
  ...until(event, 'from', ', from '),
  ...until(event, 'to', ', until '),
]

function verified({ detail }: DescribedEvent): SentencePart[] {
  const results: Readonly<Record<string, string>> = {
    holds: ': intact',
    broken: ': broken',
    cancelled: ' in part, until it was cancelled',
    'gave-up': ' in part, then gave up',
  }
  const result = textIn(detail, 'result')
  return [`the audit trail${(result !== null && Object.hasOwn(results, result) && results[result]) || ''}`]
}

const onCluster = (event: DescribedEvent): SentencePart[] => [' on the cluster ', targetName(event, 'in question')]

function rights(event: DescribedEvent): SentencePart[] {
  const [come, gone] = ['come', 'gone'].map((key) => valueIn(event.detail, key))
  const found = Array.isArray(come) ? come.length : 0
  const lost = Array.isArray(gone) ? gone.length : 0
  if (found === 0 && lost > 0) return [`${inNumber(lost, 'right')} gone that it hadn’t granted`, ...onCluster(event)]
  return [`${found === 0 ? 'rights' : inNumber(found, 'right')} that it didn’t grant`, ...onCluster(event)]
}

const words: Readonly<Record<TrailAction, Words>> = {
  'space.create': phrase('created', 'create', 'a space', theSpace),
  'space.update': phrase('changed', 'change', 'a space', spaceChange),
  'space.delete': phrase('deleted', 'delete', 'a space', (event) => [...theSpace(event), ...because(event)]),
  'space.retry': phrase('retried', 'retry', 'setting up a space', (event) => ['setting up ', ...theSpace(event)]),
  'space.export': phrase('downloaded', 'download', 'the list of spaces'),
  'space.offer': phrase('offered', 'offer', 'a space to someone', offeredTo),
  'space.offer-decline': phrase('declined', 'decline', 'a space', offeredBy),
  'space.offer-withdraw': phrase('withdrew', 'withdraw', 'the offer of a space', (event) => [
    'the offer of ',
    ...offeredTo(event),
  ]),
  'space.offer-expire': phrase('closed', 'close', 'an expired offer', (event) => [
    'the expired offer of ',
    ...offeredTo(event),
  ]),
  'space.offer-accept': phrase('accepted', 'accept', 'ownership of a space', (event) => [
    ...offeredBy(event),
    ...(event.outcome === 'ok' ? [' and now owns it'] : []),
  ]),
  'space.hand-over': phrase('transferred', 'transfer', 'a space to a new owner', (event) => [
    ...theSpace(event),
    ' from ',
    personIn(event, 'from', 'someone'),
    ' to ',
    personIn(event, 'to', 'someone'),
  ]),
  'space.leave': phrase('left', 'leave', 'a space', theSpace),
  'space.drift-repaired': phrase('reverted', 'revert', 'changes made on the cluster', (event) => {
    const drifted = valueIn(event.detail, 'drifted')
    const what: SentencePart[] = Array.isArray(drifted) ? [' to ', named(drifted.map(String).join(', '))] : []
    return ['changes made on the cluster', ...what, ...inSpace(event)]
  }),
  'space.namespace-lost': phrase('recreated', 'recreate', 'a missing namespace', (event) => [
    'the missing namespace',
    ...inSpace(event, ' of '),
  ]),
  'space.declare': phrase('handed', 'hand', 'a space over to Git', (event) => [...theSpace(event), ' over to Git']),
  'space.release': phrase('took', 'take', 'a space back from Git', (event) => [...theSpace(event), ' back from Git']),
  'space.show-secret': phrase('showed', 'show', 'a value of a Secret', (event) => [
    'the key ',
    named(textIn(event.detail, 'key') ?? 'unknown'),
    ' of the Secret ',
    named(textIn(event.detail, 'secret') ?? 'unknown'),
    ...inSpace(event),
  ]),
  'grant.add': phrase('added', 'add', 'a member', (event) => [
    ...principal(event),
    textIn(event.detail, 'role') === null ? '' : ` as ${role(event)}`,
    ...inSpace(event, ' to '),
    ...until(event),
  ]),
  'grant.change': phrase('changed', 'change', 'a member’s role', roleChange),
  'grant.remove': phrase('removed', 'remove', 'a member', (event) => [
    ...principal(event),
    textIn(event.detail, 'role') === null ? '' : ` (${role(event)})`,
    ...inSpace(event, ' from '),
  ]),
  'grant.start': phrase('started', 'start', 'a member’s scheduled role', memberRole),
  'grant.end': phrase('ended', 'end', 'a member’s role on its end date', (event) => [
    ...memberRole(event),
    ' on its end date',
  ]),
  'credential.create': phrase('created', 'create', 'a kubeconfig', newCredential),
  'credential.revoke': phrase('revoked', 'revoke', 'kubeconfigs', credentials),
  'credential.end': phrase('ended', 'end', 'the kubeconfigs of a deleted space', (event) => [
    ...credentials(event),
    ' of the deleted space',
    ...inSpace(event, ' '),
  ]),
  'request.create': phrase('asked', 'ask', 'for something', (event) => [
    'for ',
    ...(requestedContent(event) ?? ['something', ...inSpace(event)]),
  ]),
  'request.withdraw': phrase('withdrew', 'withdraw', 'a request', (event) => theRequest(event, ['their '])),
  'request.approve': phrase('approved', 'approve', 'a request', (event) => [
    ...grantedContent(event),
    ...progress(event),
  ]),
  'request.deny': phrase('denied', 'deny', 'a request', requestOfPerson),
  'request.expire': phrase('closed', 'close', 'a request that wasn’t decided in time', (event) => [
    ...requestOfPerson(event),
    ', which wasn’t decided in time',
  ]),
  'request.close': phrase('closed', 'close', 'a request', (event) => [...requestOfPerson(event), ...because(event)]),
  'inbox.choose-mail': phrase('changed', 'change', 'their email notifications'),
  'inbox.read': phrase('marked', 'mark', 'inbox notifications as read'),
  'filter.save': phrase('saved', 'save', 'a filter'),
  'filter.rename': phrase('renamed', 'rename', 'a saved filter'),
  'filter.delete': phrase('deleted', 'delete', 'a saved filter'),
  'webhook.set-up': phrase('set up', 'set up', 'a webhook', webhook),
  'webhook.change': phrase('changed', 'change', 'a webhook', webhook),
  'webhook.rotate-secret': phrase('replaced', 'replace', 'the secret of a webhook', (event) => [
    'the secret of ',
    ...webhook(event),
  ]),
  'webhook.remove': phrase('removed', 'remove', 'a webhook', webhook),
  'webhook.turn-off': phrase('turned off', 'turn off', 'a webhook without a working receiver', (event) => [
    ...webhook(event),
    ', because its receiver is gone',
  ]),
  'groups.pause': phrase('suspended', 'suspend', 'a person’s roles from groups', (event) => [
    targetPerson(event),
    '’s roles from groups',
  ]),
  'groups.resume': phrase('resumed', 'resume', 'a person’s roles from groups', (event) => [
    targetPerson(event),
    '’s roles from groups',
  ]),
  'policy.change': phrase('changed', 'change', 'the policy', (event) => [
    'the policy',
    ...(event.target.name === null ? [] : [` (${event.target.name})`]),
  ]),
  'session.sign-in': phrase('signed in', 'sign in', ''),
  'session.sign-out': phrase('signed out', 'sign out', ''),
  'session.recheck': {
    ...phrase('checked', 'check', 'a session at the identity provider'),
    sentence: (event) => [
      who(event.actor),
      event.outcome === 'ok'
        ? '’s session was checked again at the identity provider'
        : '’s session wasn’t confirmed by the identity provider',
    ],
  },
  'session.backchannel-logout': {
    ...phrase('signed out', 'sign out', 'people at the identity provider’s request'),
    sentence: ({ actor, outcome }) =>
      outcome === 'ok' && actor.kind === 'user' ? ['The identity provider signed ', who(actor), ' out'] : null,
  },
  'session.end': phrase('ended', 'end', 'sessions', sessions),
  'session.break-glass-sign-in': phrase('signed in', 'sign in', 'with the break-glass account'),
  'admin-role.activate': phrase('activated', 'activate', 'the platform admin role', (event) => {
    const minutes = countIn(event.detail, 'minutes')
    return ['the platform admin role', minutes === null ? '' : ` for ${minutesInWords(minutes)}`]
  }),
  'admin-role.end': phrase('ended', 'end', 'a platform admin role', adminRole),
  'break-glass-code.create': phrase('created', 'create', 'a break-glass code'),
  'break-glass-code.void': phrase('voided', 'void', 'the break-glass code'),
  'break-glass-code.acknowledge': phrase('acknowledged', 'acknowledge', 'a use of the break-glass account'),
  'person.deactivate': phrase('deactivated', 'deactivate', 'a person', (event) => [targetPerson(event)]),
  'person.reactivate': phrase('reactivated', 'reactivate', 'a person', (event) => [targetPerson(event)]),
  'person.offboard': phrase('offboarded', 'offboard', 'a person', (event) => [targetPerson(event)]),
  'person.change-claim': phrase('changed', 'change', 'the claim that identifies a person', (event) => [
    'the claim that identifies ',
    targetPerson(event),
  ]),
  'person.join': phrase('joined', 'join', 'two accounts of a person', (event) => [
    'another account with that of ',
    targetPerson(event),
  ]),
  'person.pseudonymise': phrase('gave', 'give', 'a person a pseudonym', (event) => [
    targetPerson(event),
    ' a pseudonym',
  ]),
  'person.pseudonymise-rows': phrase('put', 'put', 'a pseudonym into rows of the trail', (event) => [
    'the pseudonym ',
    targetPerson(event),
    ' into rows of the trail',
  ]),
  'offboarding.complete': phrase('completed', 'complete', 'the certificate of an offboarding', (event) => [
    'the certificate of ',
    targetPerson(event),
    '’s offboarding',
  ]),
  'offboarding.ask-again': phrase('rechecked', 'recheck', 'a person’s access on the clusters', (event) => [
    targetPerson(event),
    '’s access on the clusters',
  ]),
  'review.start': phrase('started', 'start', 'an access review', review),
  'review.schedule': phrase('changed', 'change', 'when access reviews start'),
  'review.decide': phrase('decided', 'decide', 'in an access review', decided),
  'review.keep': phrase('kept', 'keep', 'access in a review', (event) => [
    ...(textIn(event.detail, 'binding') === null ? memberRole(event) : binding(event)),
    ...inReview(event),
  ]),
  'review.flag': phrase('flagged', 'flag', 'a binding in a review', (event) => [...binding(event), ...inReview(event)]),
  'review.extend': phrase('extended', 'extend', 'an access review', (event) => [
    ...review(event),
    ...until(event, 'after'),
  ]),
  'review.end': phrase('ended', 'end', 'an access review early', (event) => [...review(event), ' early']),
  'review.close': phrase('closed', 'close', 'an access review', (event) => [...review(event), ' with its report']),
  'review.export': phrase('downloaded', 'download', 'an access review', review),
  'provisioning.token-request': phrase('requested', 'request', 'a provisioning token', token),
  'provisioning.token-approve': phrase('approved', 'approve', 'a provisioning token', token),
  'provisioning.token-decline': phrase('declined', 'decline', 'a provisioning token', token),
  'provisioning.token-create': phrase('created', 'create', 'a provisioning token', token),
  'provisioning.token-take-over': phrase('took over', 'take over', 'a provisioning token', (event) => [
    ...token(event),
    ...(textIn(event.detail, 'from') === null ? [] : [' from ', named(textIn(event.detail, 'from') ?? '')]),
  ]),
  'provisioning.token-revoke': phrase('revoked', 'revoke', 'a provisioning token', token),
  'provisioning.freeze': phrase('froze', 'freeze', 'provisioning'),
  'provisioning.unfreeze': phrase('unfroze', 'unfreeze', 'provisioning'),
  'provisioning.user-create': phrase('provisioned', 'provision', 'a person', (event) => [targetPerson(event)]),
  'provisioning.user-change': phrase('changed', 'change', 'a provisioned person', (event) => [
    'the provisioned account of ',
    targetPerson(event),
  ]),
  'provisioning.user-delete': phrase('deleted', 'delete', 'a provisioned person', (event) => [
    'the provisioned account of ',
    targetPerson(event),
  ]),
  'provisioning.group-create': phrase('pushed', 'push', 'a group', group),
  'provisioning.group-change': phrase('changed', 'change', 'a pushed group', (event) => [
    'the pushed ',
    ...groupName(event),
  ]),
  'provisioning.group-delete': phrase('deleted', 'delete', 'a pushed group', (event) => [
    'the pushed ',
    ...groupName(event),
  ]),
  'provisioning.group-pause': phrase('suspended', 'suspend', 'a pushed group', (event) => [
    'the roles of the pushed ',
    ...groupName(event),
  ]),
  'provisioning.group-resume': phrase('resumed', 'resume', 'a pushed group', (event) => [
    'the roles of the pushed ',
    ...groupName(event),
  ]),
  'provisioning.group-remove': phrase('removed', 'remove', 'a pushed group', (event) => [
    'the pushed ',
    ...groupName(event),
  ]),
  'audit.export': phrase('downloaded', 'download', 'the audit trail'),
  'trail.archive': phrase('archived', 'archive', 'a month of the trail', ({ target }) =>
    target.name === null || target.name === 'before'
      ? ['the trail before its first month']
      : ['the trail of ', named(target.name)],
  ),
  'audit.export-start': phrase('started', 'start', 'an export of the audit trail'),
  'audit.export-download': phrase('downloaded', 'download', 'an export of the audit trail'),
  'audit.export-remove': phrase('removed', 'remove', 'an export of the audit trail'),
  'trail.verify': phrase('requested', 'request', 'a verification of the audit trail', range),
  'trail.verify-cancel': phrase('cancelled', 'cancel', 'a verification of the audit trail'),
  'trail.verified': phrase('verified', 'verify', 'the audit trail', verified),
  'trail.checkpoints-export': phrase('downloaded', 'download', 'the checkpoints of the audit trail'),
  'access.ask': phrase('asked', 'ask', 'a cluster who may do what', question),
  'access.export': phrase('downloaded', 'download', 'who has access to what'),
  'cluster.fences-lost': phrase('found', 'report', 'admission policies not in force', (event) => [
    'admission policies not in force',
    ...onCluster(event),
  ]),
  'cluster.rebuild': phrase('began to rebuild', 'rebuild', 'a cluster that was lost', (event) => [
    'a lost cluster’s objects',
    ...onCluster(event),
  ]),
  'database.rebuild': phrase('rebuilt', 'rebuild', 'the database from a cluster', (event) => [
    'the database from the objects',
    ...onCluster(event),
  ]),
  'cluster.rights-changed': phrase('found', 'check', 'rights that Spaceport didn’t grant', rights),
  'cluster.fences-restored': phrase('found', 'report', 'admission policies in force again', (event) => [
    'the admission policies in force again',
    ...onCluster(event),
  ]),
  'audit-webhook.make': phrase('created', 'create', 'a token for a cluster’s audit', auditWebhook),
  'audit-webhook.void': phrase('revoked', 'revoke', 'tokens for a cluster’s audit', auditWebhook),
  'cluster.get': cluster('get', 'Read'),
  'cluster.list': cluster('list', 'Listed'),
  'cluster.watch': cluster('watch', 'Watched'),
  'cluster.create': cluster('create', 'Created'),
  'cluster.update': cluster('update', 'Replaced'),
  'cluster.patch': cluster('patch', 'Changed'),
  'cluster.delete': cluster('delete', 'Deleted'),
  'cluster.deletecollection': cluster('deletecollection', 'Deleted several at once'),
  'cluster.exec': cluster('exec', 'Ran a command in a pod'),
  'cluster.attach': cluster('attach', 'Attached to a pod'),
  'cluster.port-forward': cluster('port-forward', 'Forwarded a port to a pod'),
  'cluster.proxy': cluster('proxy', 'Connected to a pod or a Service'),
  'cluster.request': cluster('request', 'Sent another request'),
  'cluster.unmatched': stolenTokenUse,
  'kubectl.get': kubectl('get', 'Read'),
  'kubectl.list': kubectl('list', 'Listed'),
  'kubectl.watch': kubectl('watch', 'Watched'),
  'kubectl.create': kubectl('create', 'Created'),
  'kubectl.update': kubectl('update', 'Replaced'),
  'kubectl.patch': kubectl('patch', 'Changed'),
  'kubectl.delete': kubectl('delete', 'Deleted'),
  'kubectl.deletecollection': kubectl('deletecollection', 'Deleted several at once'),
  'kubectl.exec': kubectl('exec', 'Ran a command in a pod'),
  'kubectl.attach': kubectl('attach', 'Attached to a pod'),
  'kubectl.port-forward': kubectl('port-forward', 'Forwarded a port to a pod'),
  'kubectl.stream-end': { ...kubectl('stream-end', 'Ended a connection to a pod'), sentence: streamEnd },
  'kubectl.proxy': kubectl('proxy', 'Connected through the API server'),
  'kubectl.request': {
    ...phrase('sent', 'send', 'an unreadable request with kubectl'),
    sentence: anonymousRequests,
  },
  'kubectl.head': kubectl('head', 'Sent HEAD to a path'),
  'kubectl.post': kubectl('post', 'Sent POST to a path'),
  'kubectl.put': kubectl('put', 'Sent PUT to a path'),
}

function auditWebhook({ action, target }: DescribedEvent): SentencePart[] {
  const which = action === 'audit-webhook.make' ? 'a token' : 'tokens'
  if (target.name === null) return [`${which} for the audit of a cluster`]
  return [`${which} for the audit of the cluster `, named(target.name)]
}

const groupName = (event: DescribedEvent): SentencePart[] =>
  event.target.name === null ? ['group'] : ['group ', named(event.target.name)]

export const knownActions: readonly string[] = Object.keys(words)

/** @returns the texts of an action; undefined for one that this release doesn't know */
export const wordsOf = (action: string): Words | undefined =>
  Object.hasOwn(words, action) ? words[action as TrailAction] : undefined
