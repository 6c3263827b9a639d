/**
 * The words for every action of the trail: the one place that has them. Lists, stories and filters are made of these.
 */

import { minutesInWords } from '#lib/kernel/model/access/role-term.ts'
import type { TrailAction } from '#lib/kernel/model/audit/audit-action.ts'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import {
  countIn,
  credential,
  inSpace,
  instantIn,
  ownerOfCredential,
  personIn,
  principal,
  type Told,
  targetName,
  targetPerson,
  textIn,
  theSpace,
  toSelf,
  valueIn,
} from './event-words.ts'
import { type Request, requestWords, strangersRequests, streamEnd } from './kubectl-words.ts'
import { grantedContent, theRequest, wish } from './request-details.ts'
import { named, type SentencePart } from './sentence-part.ts'
import { who } from './who.ts'

type Words = {
  /** What happens, without saying to what in particular, for a filter: `Deleted a space`. */
  label: string
  /** `deleted`, and the same as an attempt: `delete`. With what it was about. */
  tell: (told: Told) => Request
  /** A whole sentence, where the one who did it isn't its subject; null: it is, this time. */
  whole?: (told: Told) => SentencePart[] | null
}

/**
 * @param did as it is done, @param toDo as it is tried
 * @param things to what in general, for the filter; @param what to what in particular
 */
const says = (did: string, toDo: string, things: string, what?: (told: Told) => SentencePart[]): Words => ({
  label: `${did.charAt(0).toUpperCase()}${did.slice(1)}${things === '' ? '' : ` ${things}`}`,
  tell: (told) => ({ did, toDo, what: what ? what(told) : things === '' ? [] : [things] }),
})

/** Whether the portal asked the gateway, for what the person did in the browser. */
const isFromBrowser = ({ detail }: Told): boolean => valueIn(detail, 'browser') === true

const kubectl = (verb: string, label: string): Words => ({
  label: `${label} with kubectl`,
  tell: (told) => requestWords(told, verb, isFromBrowser(told) ? ' in the browser' : ' with kubectl'),
  whole: strangersRequests,
})

/** What the cluster's own audit says. */
const cluster = (verb: string, label: string): Words => ({
  label: `${label} at the API server`,
  tell: (told) => requestWords(told, verb, told.route === 'around' ? ' around the gateway' : ' at the API server'),
})

/** Whose name the row bears is whose token was used, and not who used it. */
const stranger: Words = {
  label: 'Used a token of Spaceport’s without its knowing',
  tell: (told) => requestWords(told, textIn(told.detail, 'verb') ?? 'request', ''),
  whole: (told) => {
    const { did, toDo, what } = stranger.tell(told)
    const verb = told.outcome === 'ok' ? did : `tried to ${toDo}`
    const person = textIn(told.detail, 'impersonated')
    return [
      `Someone with a token of Spaceport’s ${verb} `,
      ...what,
      ...(told.full && person !== null ? [' as ', named(person)] : []),
    ]
  },
}

const until = (told: Told, key = 'endsAt', before = ' until '): SentencePart[] => {
  const at = instantIn(told.detail, key)
  return at === null ? [] : [`${before}${at}`]
}

const because = ({ detail, full }: Told): SentencePart[] => {
  const why = textIn(detail, 'why')
  return full && why !== null ? [`: ${why.replace(/\.$/, '')}`] : []
}

const role = (told: Told): string => textIn(told.detail, 'role') ?? 'a role'

/** `Bob’s editor role in web-dev` */
const memberRole = (told: Told): SentencePart[] => [...principal(told), `’s ${role(told)} role`, ...inSpace(told)]

/** `Bob’s role in web-dev from viewer to editor` */
function roleChange(told: Told): SentencePart[] {
  const [before, after] = [valueIn(told.detail, 'before'), valueIn(told.detail, 'after')]
  const [from, to] = [textIn(before, 'role'), textIn(after, 'role')]
  const changed = from !== null && to !== null && from !== to ? ` from ${from} to ${to}` : ''
  const ends = instantIn(after, 'endsAt')
  const hadEnd = instantIn(before, 'endsAt')
  const end = ends === hadEnd ? '' : ends === null ? ', without an end date' : `, until ${ends}`
  return [...principal(told), '’s role', ...inSpace(told), `${changed}${end}`]
}

/** `the space web-dev: size from S to M, description` */
function spaceChange(told: Told): SentencePart[] {
  const [before, after] = [valueIn(told.detail, 'before'), valueIn(told.detail, 'after')]
  const [from, to] = [textIn(before, 'size'), textIn(after, 'size')]
  const changes: string[] = []
  if (to !== null && from !== to) changes.push(from === null ? `size ${to}` : `size from ${from} to ${to}`)
  if (valueIn(after, 'endsAt') !== undefined) {
    const end = instantIn(after, 'endsAt')
    changes.push(end === null ? 'no end' : `ends ${end}`)
  }
  if (valueIn(after, 'description') !== undefined) changes.push('description')
  return [...theSpace(told), ...(changes.length > 0 ? [`: ${changes.join(', ')}`] : [])]
}

const offeredTo = (told: Told): SentencePart[] => [...theSpace(told), ' to ', personIn(told, 'to', 'someone')]
const offeredBy = (told: Told): SentencePart[] => [...theSpace(told), ' from ', personIn(told, 'from', 'its owner')]

/** `Alice’s kubeconfig`, `3 kubeconfigs` */
function credentials(told: Told): SentencePart[] {
  const { detail, actor } = told
  const listed = valueIn(detail, 'credentials')
  const count = countIn(detail, 'count') ?? countIn(detail, 'credentialCount') ?? countIn(detail, 'selected')
  const many = count ?? (Array.isArray(listed) ? listed.length : null)
  if (many !== null) return [inNumber(many, 'kubeconfig')]
  const owner = ownerOfCredential(told)
  if (owner === null || owner.handle === actor.handle) return [credential(told, 'a kubeconfig')]
  return [{ is: 'person', ...owner }, '’s ', credential(told, 'kubeconfig')]
}

function newCredential(told: Told): SentencePart[] {
  if (isFromBrowser(told)) return [credential(told, 'browser access'), ' to their spaces']
  const bound = valueIn(told.detail, 'bound')
  const where = bound === false ? [' for all of their spaces'] : inSpace(told, ' for ')
  const name = textIn(told.detail, 'name')
  return [
    credential(told, name === null ? 'a kubeconfig' : `a kubeconfig “${name}”`),
    ...where,
    ...until(told, 'endsAt', ', valid until '),
  ]
}

const someonesRequest = (told: Told): SentencePart[] =>
  theRequest(told, textIn(told.detail, 'requester') === null ? null : [personIn(told, 'requester', 'someone'), '’s '])

const progress = ({ detail }: Told): SentencePart[] => {
  const [number, needed] = [countIn(detail, 'approval'), countIn(detail, 'approvals')]
  return number !== null && needed !== null && needed > 1 ? [` (approval ${number} of ${needed})`] : []
}

const webhook = (told: Told): SentencePart[] =>
  told.target.name === null ? ['a webhook'] : ['the webhook to ', named(told.target.name)]

function sessions(told: Told): SentencePart[] {
  const count = countIn(told.detail, 'sessions')
  const some = count === null ? 'sessions' : inNumber(count, 'session')
  return toSelf(told) ? [`${some} of their own`] : [`${some} of `, targetPerson(told)]
}

const adminRole = (told: Told): SentencePart[] =>
  toSelf(told) ? ['their own role of platform admin'] : [targetPerson(told), '’s role of platform admin']

const review = (told: Told): SentencePart[] =>
  told.target.name === null ? ['an access review'] : ['the access review ', named(told.target.name)]

const inReview = ({ detail }: Told): SentencePart[] => {
  const name = textIn(detail, 'reviewName')
  return name === null ? [' in an access review'] : [' in the access review ', named(name)]
}

const binding = (told: Told): SentencePart[] => [
  'the binding ',
  named(textIn(told.detail, 'binding') ?? 'of a cluster'),
  ...inSpace(told),
]

function decided(told: Told): SentencePart[] {
  const decision = textIn(told.detail, 'decision')
  const words: Readonly<Record<string, string>> = {
    keep: 'to keep access',
    revoke: 'to revoke access',
    lower: `to lower access to ${textIn(told.detail, 'toRole') ?? 'a lower role'}`,
    flag: 'to flag bindings',
  }
  const said = decision !== null && Object.hasOwn(words, decision) ? `${words[decision]} in ` : 'in '
  return [said, ...review(told)]
}

const token = (told: Told): SentencePart[] =>
  told.target.name === null ? ['a provisioning token'] : ['the provisioning token ', named(told.target.name)]

const group = (told: Told): SentencePart[] =>
  told.target.name === null ? ['a group'] : ['the group ', named(told.target.name)]

/** `who may delete pods in web-dev`, `what Bob may do in web-dev` */
function question(told: Told): SentencePart[] {
  const [verb, resource] = [textIn(told.detail, 'verb'), textIn(told.detail, 'resource')]
  const where = inSpace(told)
  if (textIn(told.detail, 'question') === 'what-may')
    return ['the cluster what ', personIn(told, 'person', 'somebody'), ' may do', ...where]
  return ['the cluster who may ', named(`${verb ?? 'do'} ${resource ?? 'what'}`), ...where]
}

/** `the audit trail verified, from 1 Nov 2026, 00:00 UTC` */
const range = (told: Told): SentencePart[] => [
  'the audit trail verified',
  ...until(told, 'from', ', from '),
  ...until(told, 'to', ', until '),
]

function verified({ detail }: Told): SentencePart[] {
  const results: Readonly<Record<string, string>> = {
    holds: ': it holds',
    broken: ': it doesn’t hold',
    cancelled: ' in part, until that was cancelled',
    'gave-up': ' in part, and gave up',
  }
  const result = textIn(detail, 'result')
  return [`the audit trail${(result !== null && Object.hasOwn(results, result) && results[result]) || ''}`]
}

const onCluster = (told: Told): SentencePart[] => [' on the cluster ', targetName(told, 'in question')]

function rights(told: Told): SentencePart[] {
  const [come, gone] = ['come', 'gone'].map((key) => valueIn(told.detail, key))
  const found = Array.isArray(come) ? come.length : 0
  const lost = Array.isArray(gone) ? gone.length : 0
  if (found === 0 && lost > 0) return [`${inNumber(lost, 'right')} gone that it hadn’t granted`, ...onCluster(told)]
  return [`${found === 0 ? 'rights' : inNumber(found, 'right')} that it didn’t grant`, ...onCluster(told)]
}

const words: Readonly<Record<TrailAction, Words>> = {
  'space.create': says('created', 'create', 'a space', theSpace),
  'space.update': says('changed', 'change', 'a space', spaceChange),
  'space.delete': says('deleted', 'delete', 'a space', (told) => [...theSpace(told), ...because(told)]),
  'space.retry': says('retried', 'retry', 'setting up a space', (told) => ['setting up ', ...theSpace(told)]),
  'space.export': says('downloaded', 'download', 'the list of spaces'),
  'space.offer': says('offered', 'offer', 'a space to someone', offeredTo),
  'space.offer-decline': says('declined', 'decline', 'a space', offeredBy),
  'space.offer-withdraw': says('withdrew', 'withdraw', 'the offer of a space', (told) => [
    'the offer of ',
    ...offeredTo(told),
  ]),
  'space.offer-expire': says('closed', 'close', 'an expired offer', (told) => [
    'the expired offer of ',
    ...offeredTo(told),
  ]),
  'space.offer-accept': says('accepted', 'accept', 'a space, and owns it', (told) => [
    ...offeredBy(told),
    ...(told.outcome === 'ok' ? [' and owns it now'] : []),
  ]),
  'space.hand-over': says('gave', 'give', 'a space to a new owner', (told) => [
    ...theSpace(told),
    ' of ',
    personIn(told, 'from', 'someone'),
    ' to ',
    personIn(told, 'to', 'someone'),
  ]),
  'space.leave': says('left', 'leave', 'a space', theSpace),
  'space.drift-repaired': says('reverted', 'revert', 'changes made on the cluster', (told) => {
    const drifted = valueIn(told.detail, 'drifted')
    const what: SentencePart[] = Array.isArray(drifted) ? [' to ', named(drifted.map(String).join(', '))] : []
    return ['changes made on the cluster', ...what, ...inSpace(told)]
  }),
  'space.namespace-lost': says('recreated', 'recreate', 'a missing namespace', (told) => [
    'the missing namespace',
    ...inSpace(told, ' of '),
  ]),
  'space.declare': says('handed', 'hand', 'a space over to Git', (told) => [...theSpace(told), ' over to Git']),
  'space.release': says('took', 'take', 'a space back from Git', (told) => [...theSpace(told), ' back from Git']),
  'grant.add': says('added', 'add', 'a member', (told) => [
    ...principal(told),
    textIn(told.detail, 'role') === null ? '' : ` as ${role(told)}`,
    ...inSpace(told, ' to '),
    ...until(told),
  ]),
  'grant.change': says('changed', 'change', 'a member’s role', roleChange),
  'grant.remove': says('removed', 'remove', 'a member', (told) => [
    ...principal(told),
    textIn(told.detail, 'role') === null ? '' : ` (${role(told)})`,
    ...inSpace(told, ' from '),
  ]),
  'grant.start': says('started', 'start', 'a member’s scheduled role', memberRole),
  'grant.end': says('ended', 'end', 'a member’s role on its end date', (told) => [
    ...memberRole(told),
    ' on its end date',
  ]),
  'credential.create': says('created', 'create', 'a kubeconfig', newCredential),
  'credential.revoke': says('revoked', 'revoke', 'kubeconfigs', credentials),
  'credential.end': says('ended', 'end', 'the kubeconfigs of a deleted space', (told) => [
    ...credentials(told),
    ' of the deleted space',
    ...inSpace(told, ' '),
  ]),
  'request.create': says('asked', 'ask', 'for something', (told) => [
    'for ',
    ...(wish(told) ?? ['something', ...inSpace(told)]),
  ]),
  'request.withdraw': says('withdrew', 'withdraw', 'a request', (told) => theRequest(told, ['their '])),
  'request.approve': says('approved', 'approve', 'a request', (told) => [...grantedContent(told), ...progress(told)]),
  'request.deny': says('denied', 'deny', 'a request', someonesRequest),
  'request.expire': says('closed', 'close', 'a request that nobody decided in time', (told) => [
    ...someonesRequest(told),
    ', which nobody decided in time',
  ]),
  'request.close': says('closed', 'close', 'a request', (told) => [...someonesRequest(told), ...because(told)]),
  'inbox.choose-mail': says('chose', 'choose', 'what to get by mail'),
  'inbox.read': says('marked', 'mark', 'events in the inbox as read'),
  'filter.save': says('saved', 'save', 'a filter of their own'),
  'filter.rename': says('renamed', 'rename', 'a filter of their own'),
  'filter.delete': says('deleted', 'delete', 'a filter of their own'),
  'webhook.set-up': says('set up', 'set up', 'a webhook', webhook),
  'webhook.change': says('changed', 'change', 'a webhook', webhook),
  'webhook.rotate-secret': says('replaced', 'replace', 'the secret of a webhook', (told) => [
    'the secret of ',
    ...webhook(told),
  ]),
  'webhook.remove': says('removed', 'remove', 'a webhook', webhook),
  'webhook.turn-off': says('turned off', 'turn off', 'a webhook whose receiver is gone', (told) => [
    ...webhook(told),
    ', whose receiver is gone',
  ]),
  'groups.pause': says('paused', 'pause', 'a person’s roles from groups', (told) => [
    targetPerson(told),
    '’s roles from groups',
  ]),
  'groups.resume': says('resumed', 'resume', 'a person’s roles from groups', (told) => [
    targetPerson(told),
    '’s roles from groups',
  ]),
  'policy.change': says('changed', 'change', 'the policy', (told) => [
    'the policy',
    ...(told.target.name === null ? [] : [` (${told.target.name})`]),
  ]),
  'session.sign-in': says('signed in', 'sign in', ''),
  'session.sign-out': says('signed out', 'sign out', ''),
  'session.recheck': {
    ...says('checked', 'check', 'a session at the identity provider'),
    whole: (told) => [
      who(told.actor),
      told.outcome === 'ok'
        ? '’s session was checked again at the identity provider'
        : '’s session wasn’t confirmed by the identity provider',
    ],
  },
  'session.backchannel-logout': {
    ...says('signed out', 'sign out', 'people for the identity provider'),
    whole: ({ actor, outcome }) =>
      outcome === 'ok' && actor.kind === 'user' ? ['The identity provider signed ', who(actor), ' out'] : null,
  },
  'session.end': says('ended', 'end', 'sessions', sessions),
  'session.break-glass-sign-in': says('signed in', 'sign in', 'with the break-glass account'),
  'admin-role.activate': says('activated', 'activate', 'the role of platform admin', (told) => {
    const minutes = countIn(told.detail, 'minutes')
    return ['the role of platform admin', minutes === null ? '' : ` for ${minutesInWords(minutes)}`]
  }),
  'admin-role.end': says('ended', 'end', 'a role of platform admin', adminRole),
  'break-glass-code.create': says('made', 'make', 'a break-glass code'),
  'break-glass-code.void': says('took back', 'take back', 'the break-glass code'),
  'break-glass-code.acknowledge': says('acknowledged', 'acknowledge', 'a use of the break-glass account'),
  'person.deactivate': says('deactivated', 'deactivate', 'a person', (told) => [targetPerson(told)]),
  'person.reactivate': says('reactivated', 'reactivate', 'a person', (told) => [targetPerson(told)]),
  'person.offboard': says('offboarded', 'offboard', 'a person', (told) => [targetPerson(told)]),
  'person.change-claim': says('changed', 'change', 'the claim that identifies a person', (told) => [
    'the claim that identifies ',
    targetPerson(told),
  ]),
  'person.join': says('joined', 'join', 'two accounts of a person', (told) => [
    'another account with that of ',
    targetPerson(told),
  ]),
  'person.pseudonymise': says('gave', 'give', 'a person a pseudonym', (told) => [targetPerson(told), ' a pseudonym']),
  'person.pseudonymise-rows': says('put', 'put', 'a pseudonym into rows of the trail', (told) => [
    'the pseudonym ',
    targetPerson(told),
    ' into rows of the trail',
  ]),
  'offboarding.complete': says('completed', 'complete', 'the certificate of an offboarding', (told) => [
    'the certificate of ',
    targetPerson(told),
    '’s offboarding',
  ]),
  'offboarding.ask-again': says('had', 'have', 'the clusters asked again about a person', (told) => [
    'the clusters asked again about ',
    targetPerson(told),
  ]),
  'review.start': says('started', 'start', 'an access review', review),
  'review.schedule': says('changed', 'change', 'when access reviews start'),
  'review.decide': says('decided', 'decide', 'in an access review', decided),
  'review.keep': says('kept', 'keep', 'access in a review', (told) => [
    ...(textIn(told.detail, 'binding') === null ? memberRole(told) : binding(told)),
    ...inReview(told),
  ]),
  'review.flag': says('flagged', 'flag', 'a binding in a review', (told) => [...binding(told), ...inReview(told)]),
  'review.extend': says('extended', 'extend', 'an access review', (told) => [...review(told), ...until(told, 'after')]),
  'review.end': says('ended', 'end', 'an access review early', (told) => [...review(told), ' early']),
  'review.close': says('closed', 'close', 'an access review', (told) => [...review(told), ' with its report']),
  'review.export': says('downloaded', 'download', 'an access review', review),
  'provisioning.token-request': says('asked for', 'ask for', 'a provisioning token', token),
  'provisioning.token-approve': says('approved', 'approve', 'a provisioning token', token),
  'provisioning.token-decline': says('declined', 'decline', 'a provisioning token', token),
  'provisioning.token-create': says('created', 'create', 'a provisioning token', token),
  'provisioning.token-take-over': says('took over', 'take over', 'a provisioning token', (told) => [
    ...token(told),
    ...(textIn(told.detail, 'from') === null ? [] : [' from ', named(textIn(told.detail, 'from') ?? '')]),
  ]),
  'provisioning.token-revoke': says('revoked', 'revoke', 'a provisioning token', token),
  'provisioning.freeze': says('froze', 'freeze', 'provisioning'),
  'provisioning.unfreeze': says('unfroze', 'unfreeze', 'provisioning'),
  'provisioning.user-create': says('provisioned', 'provision', 'a person', (told) => [targetPerson(told)]),
  'provisioning.user-change': says('changed', 'change', 'a provisioned person', (told) => [
    'the provisioned account of ',
    targetPerson(told),
  ]),
  'provisioning.user-delete': says('deleted', 'delete', 'a provisioned person', (told) => [
    'the provisioned account of ',
    targetPerson(told),
  ]),
  'provisioning.group-create': says('pushed', 'push', 'a group', group),
  'provisioning.group-change': says('changed', 'change', 'a pushed group', (told) => [
    'the pushed ',
    ...groupName(told),
  ]),
  'provisioning.group-delete': says('deleted', 'delete', 'a pushed group', (told) => [
    'the pushed ',
    ...groupName(told),
  ]),
  'provisioning.group-pause': says('suspended', 'suspend', 'a pushed group', (told) => [
    'the roles of the pushed ',
    ...groupName(told),
  ]),
  'provisioning.group-resume': says('resumed', 'resume', 'a pushed group', (told) => [
    'the roles of the pushed ',
    ...groupName(told),
  ]),
  'provisioning.group-remove': says('removed', 'remove', 'a pushed group', (told) => [
    'the pushed ',
    ...groupName(told),
  ]),
  'audit.export': says('downloaded', 'download', 'the audit trail'),
  'trail.archive': says('archived', 'archive', 'a month of the trail', ({ target }) =>
    target.name === null || target.name === 'before'
      ? ['the trail before its first month']
      : ['the trail of ', named(target.name)],
  ),
  'audit.export-start': says('started', 'start', 'an export of the audit trail'),
  'audit.export-download': says('downloaded', 'download', 'an export of the audit trail'),
  'audit.export-remove': says('removed', 'remove', 'an export of the audit trail'),
  'trail.verify': says('had', 'have', 'the audit trail verified', range),
  'trail.verify-cancel': says('cancelled', 'cancel', 'a verification of the audit trail'),
  'trail.verified': says('verified', 'verify', 'the audit trail', verified),
  'trail.checkpoints-export': says('downloaded', 'download', 'the checkpoints of the audit trail'),
  'access.ask': says('asked', 'ask', 'a cluster who may do what', question),
  'access.export': says('downloaded', 'download', 'who has access to what'),
  'cluster.fences-lost': says('found', 'report', 'admission policies not in force', (told) => [
    'admission policies not in force',
    ...onCluster(told),
  ]),
  'cluster.rebuild': says('began to rebuild', 'rebuild', 'a cluster that was lost', (told) => [
    'what was lost with a cluster',
    ...onCluster(told),
  ]),
  'database.rebuild': says('rebuilt', 'rebuild', 'the database from a cluster', (told) => [
    'the database from what is',
    ...onCluster(told),
  ]),
  'cluster.rights-changed': says('found', 'check', 'rights that Spaceport didn’t grant', rights),
  'cluster.fences-restored': says('found', 'report', 'admission policies in force again', (told) => [
    'the admission policies in force again',
    ...onCluster(told),
  ]),
  'audit-webhook.make': says('made', 'make', 'a token for a cluster’s audit', auditWebhook),
  'audit-webhook.void': says('took back', 'take back', 'tokens for a cluster’s audit', auditWebhook),
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
  'cluster.unmatched': stranger,
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
  'kubectl.stream-end': { ...kubectl('stream-end', 'Ended a connection to a pod'), whole: streamEnd },
  'kubectl.proxy': kubectl('proxy', 'Connected through the API server'),
  'kubectl.request': {
    ...says('sent', 'send', 'a request that can’t be read, with kubectl'),
    whole: strangersRequests,
  },
  'kubectl.head': kubectl('head', 'Sent HEAD to a path'),
  'kubectl.post': kubectl('post', 'Sent POST to a path'),
  'kubectl.put': kubectl('put', 'Sent PUT to a path'),
}

function auditWebhook({ action, target }: Told): SentencePart[] {
  const which = action === 'audit-webhook.make' ? 'a token' : 'tokens'
  if (target.name === null) return [`${which} for the audit of a cluster`]
  return [`${which} for the audit of the cluster `, named(target.name)]
}

const groupName = (told: Told): SentencePart[] =>
  told.target.name === null ? ['group'] : ['group ', named(told.target.name)]

/** Every action that has a sentence. */
export const knownActions: readonly string[] = Object.keys(words)

/** @returns the words of an action; undefined for one that this release doesn't know */
export const wordsOf = (action: string): Words | undefined =>
  Object.hasOwn(words, action) ? words[action as TrailAction] : undefined
