import type { Standing } from '#lib/kernel/model/access/role.ts'
import { minutesInWords } from '#lib/kernel/model/access/role-term.ts'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import type {
  Ending,
  EventKind,
  EventOf,
  InboxEvent,
  PushedBy,
  RequestedChange,
} from '#lib/kernel/model/inbox/event.ts'
import { adminActSentence } from '#lib/kernel/model/people/admin-act-sentence.ts'

type Person = { name: string; handle: string }
type Space = { name: string; cluster: string }
type Few = { count: number; spaces: readonly Space[] }

/** What one kind of event says: a sentence, the reason that somebody gave if any, and the page to go to. */
type Wording<E> = { sentence: (event: E) => string; reason?: (event: E) => string | null; to: (event: E) => Target }
type Target =
  | { request: string }
  | { person: string }
  | { review: string }
  | { space: Space }
  | { trailEvent: string }
  | { page: '/' | '/credentials' | '/profile' | '/inbox/settings' | '/audit' | '/admin/provisioning' }

/** Names can be chosen, handles can’t. */
const who = ({ name, handle }: Person): string => `${name} (${handle})`

/** A few people, and how many there are besides. */
function named(people: readonly Person[], count: number): string {
  const more = count - people.length
  return [...people.map(who), ...(more > 0 ? [`${more} more`] : [])].join(', ')
}

function pusher({ token, people }: PushedBy): string {
  if (token === null) return `Platform admin ${people.map(who).join(', ')}`
  return `The provisioning token ${token}${people.length > 0 ? ` (made by ${people.map(who).join(', ')})` : ''}`
}

/** `27 Nov 2026, 23:59 UTC` */
const instant = (at: string): string => {
  // ECMA-262 says what this text is like: "Fri, 27 Nov 2026 23:59:59 GMT".
  const [, day, month, year] = new Date(at).toUTCString().split(' ')
  return `${Number(day)} ${month} ${year}, ${at.slice(11, 16)} UTC`
}

/** `the space a`, `the spaces a and b`, `the spaces a, b, c and 4 more` */
function few({ count, spaces }: Few): string {
  const names = spaces.slice(0, 3).map(({ name }) => name)
  const more = count - names.length
  const all = more > 0 ? [...names, `${more} more`] : names
  return `the ${count === 1 ? 'space' : 'spaces'} ${all.length > 1 ? `${all.slice(0, -1).join(', ')} and ${all.at(-1)}` : all[0]}`
}

const until = (endsAt: string | null): string => (endsAt === null ? 'without an end date' : `until ${instant(endsAt)}`)

const toRequest = ({ request }: { request: string }): Target => ({ request })
const toReview = ({ review }: { review: string }): Target => ({ review })
const toSpace = ({ space }: { space: Space }): Target => ({ space })
/** The space if it is only one; otherwise the list of them. */
const toFew = ({ count, spaces: [space] }: Few): Target => (count === 1 && space ? { space } : { page: '/' })
const toProvisioning = (): Target => ({ page: '/admin/provisioning' })
const toOffers = (): Target => ({ page: '/' })

function wish(asked: RequestedChange): string {
  switch (asked.kind) {
    case 'space':
      return `the new space ${asked.space.name} of size ${asked.size}`
    case 'size':
      return `size ${asked.size} for ${asked.space?.name ?? 'a deleted space'}`
    case 'life':
      return `${asked.space?.name ?? 'a deleted space'} to live ${until(asked.endsAt)}`
    case 'role': {
      const { minutes, startsAt, role, space } = asked
      const lasts = minutes === null ? 'without an end date' : `for ${minutesInWords(minutes)}`
      const from = startsAt === null ? '' : `, from ${instant(startsAt)}`
      return `the ${role} role in ${space.name} ${lasts}${from}`
    }
  }
}

function decided({ asked, decision, by, endsAt }: EventOf<'request-decided'>): string {
  const sentence = `${who(by)} ${decision} your request for ${wish(asked)}`
  const ends = decision === 'approved' && endsAt !== null ? `. It ends ${until(endsAt).replace('until ', 'on ')}` : ''
  return `${sentence}${ends}.`
}

function changed({ space, before, after, by }: EventOf<'access-changed'>): string {
  if (before.role === after.role)
    return `${who(by)} changed when your ${after.role} role in ${space.name} ends: ${until(after.endsAt)}.`
  return `${who(by)} changed your role in ${space.name} from ${before.role} to ${after.role}, ${until(after.endsAt)}.`
}

const remains = (left: Standing | null): string =>
  left === null ? 'You no longer have access to it' : `You still have ${left} access by another role`

function removed({ space, role, left, by }: EventOf<'access-removed'>): string {
  return `${who(by)} removed your ${role} role in ${space.name}. ${remains(left)}.`
}

function reviewWaiting({ name, lines, dueAt, left, undecided }: EventOf<'review-waiting'>): string {
  const waits = `${inNumber(lines, 'line')} of the access review “${name}” ${lines === 1 ? 'waits' : 'wait'} for your decision`
  const until =
    left === null ? `until ${instant(dueAt)}` : `${inNumber(left, 'day')} before its end on ${instant(dueAt)}`
  return `${waits} ${until}. Access that is undecided by then ${undecided === 'keep' ? 'stays' : 'is revoked'}.`
}

function deleted({ space, isOwner, by, why }: EventOf<'space-deleted'>): string {
  const which = isOwner ? `your space ${space.name}` : `the space ${space.name}, in which you had a role`
  if (by) return `${who(by)} deleted ${which}.`
  const cause = why === 'name-taken' ? 'the cluster already has a namespace with that name' : 'its end date has passed'
  return `Deleted: ${which}, because ${cause}.`
}

function sessionsEnded({ by, credentials, limited }: EventOf<'sessions-ended'>): string {
  const what =
    credentials === 0
      ? 'You were signed out everywhere'
      : `You were signed out everywhere, and ${credentials === 1 ? 'your kubeconfig' : `your ${credentials} kubeconfigs`} stopped working`
  if (limited) return `${what}: you may no longer sign in here. If that is a mistake, ask the people who run Spaceport.`
  return by === null
    ? `${what}: your identity provider ended your sessions.`
    : `${what}: ${who(by)} ended your sessions.`
}

function tokenCreated({ name, by, approvedBy, expiresAt }: EventOf<'token-created'>): string {
  const whose = by
    ? `${who(by)} created the provisioning token “${name}”${approvedBy ? `, which ${who(approvedBy)} approved` : ''}`
    : `The operator’s command created the provisioning token “${name}”`
  return `${whose}. It works until ${instant(expiresAt)}. If you don’t know why, revoke it or freeze provisioning.`
}

function what(ending: Ending): string {
  switch (ending.kind) {
    case 'space':
      return `your space ${ending.space.name}`
    case 'role':
      return `your ${ending.role} role in ${ending.space.name}`
    case 'credential':
      return ending.space ? `your kubeconfig for ${ending.space.name}` : 'your kubeconfig for all your spaces'
  }
}

function endings({ ends, more }: EventOf<'endings'>): string {
  const listed = ends.map((ending) => `${what(ending)} on ${instant(ending.endsAt)}`)
  return `Ending soon: ${[...listed, ...(more > 0 ? [`and ${more} more`] : [])].join('; ')}.`
}

/** The space or the list where one can do something about it; for several things, the list of spaces. */
function toEndings({ ends, more }: EventOf<'endings'>): Target {
  const [first] = ends
  if (ends.every(({ kind }) => kind === 'credential')) return { page: '/credentials' }
  return ends.length + more === 1 && first?.space ? { space: first.space } : { page: '/' }
}

const wordings: { readonly [K in EventKind]: Wording<EventOf<K>> } = {
  'request-waiting': {
    sentence: ({ by, asked }) => `${who(by)} asks for ${wish(asked)}.`,
    reason: ({ reason }) => reason,
    to: toRequest,
  },
  'request-approved-once': {
    sentence: ({ requester, asked, by, number, needed }) =>
      `${who(by)} approved the request of ${who(requester)} for ${wish(asked)}: approval ${number} of ${needed}.`,
    to: toRequest,
  },
  'request-withdrawn': {
    sentence: ({ by, asked }) => `${who(by)} withdrew the request for ${wish(asked)}.`,
    to: toRequest,
  },
  'request-decided': { sentence: decided, reason: ({ reason }) => reason, to: toRequest },
  'request-expired': {
    sentence: ({ asked }) => `Your request for ${wish(asked)} expired.`,
    reason: ({ reason }) => reason,
    to: toRequest,
  },
  'review-waiting': { sentence: reviewWaiting, to: toReview },
  'review-revoked': {
    sentence: ({ space, role, left, name }) =>
      `Your ${role} role in ${space.name} ended with the access review “${name}”: nobody decided to keep it. ${remains(left)}.`,
    to: toSpace,
  },
  'review-closed': {
    sentence: ({ name, decided, kept, revoked }) =>
      `The access review “${name}” is closed. People decided about ${inNumber(decided, 'line')}. Of those that nobody decided about, ${kept} stayed and ${revoked} ended.`,
    to: toReview,
  },
  'access-given': {
    sentence: ({ space, role, endsAt, by }) =>
      `${who(by)} gave you the ${role} role in ${space.name}, ${until(endsAt)}.`,
    to: toSpace,
  },
  'access-changed': { sentence: changed, to: toSpace },
  'access-removed': { sentence: removed, to: toSpace },
  'offer-received': {
    sentence: ({ space, from, admin }) =>
      admin
        ? `Platform admin ${who(admin)} offers you ${from.name}’s space ${space.name}.`
        : `${who(from)} offers you the space ${space.name}.`,
    reason: ({ reason }) => reason,
    to: toOffers,
  },
  'offer-accepted': {
    sentence: ({ space, by }) => `${who(by)} accepted the space ${space.name} and owns it now.`,
    to: toSpace,
  },
  'offer-declined': {
    sentence: ({ space, by }) => `${who(by)} declined the space ${space.name}. It stays yours.`,
    to: toSpace,
  },
  'offer-expired': {
    sentence: ({ space, to }) => `The offer of ${space.name} to ${who(to)} expired. It stays yours.`,
    to: toSpace,
  },
  'admin-act': {
    sentence: ({ space, act }) => adminActSentence(act, space.name),
    reason: ({ act }) => act.reason,
    to: toSpace,
  },
  'space-deleted': { sentence: deleted, to: () => ({ page: '/' }) },
  'spaces-handed-over': {
    sentence: ({ by, from, ...which }) =>
      `${who(from)} left, and platform admin ${who(by)} gave you ${few(which)}. You own ${which.count === 1 ? 'it' : 'them'} now.`,
    reason: ({ reason }) => reason,
    to: toFew,
  },
  'spaces-ending': {
    sentence: ({ by, from, endsAt, ...which }) =>
      `${who(from)} left. Platform admin ${who(by)} decided that ${few(which)} will be deleted, ${which.count === 1 ? 'on' : 'the first on'} ${instant(endsAt)}. Save what you need.`,
    reason: ({ reason }) => reason,
    to: toFew,
  },
  'left-behind': {
    sentence: ({ space, from, count, command }) =>
      `${who(from)} left, and had made ${count === 1 ? 'an object' : `${count} objects`} in ${space.name} that can act or give rights there. Remove what isn’t needed, for instance: ${command}`,
    to: toSpace,
  },
  'offboarding-complete': {
    sentence: ({ person }) => `Every cluster has confirmed that ${who(person)} has no access left.`,
    to: ({ person }) => ({ person: person.handle }),
  },
  'credentials-revoked': {
    sentence: ({ count, by }) =>
      `${who(by)} revoked ${count === 1 ? 'one of your kubeconfigs' : `${count} of your kubeconfigs`}.`,
    reason: ({ reason }) => reason,
    to: () => ({ page: '/credentials' }),
  },
  'group-pushed': {
    sentence: ({ space, group, by, takenOver, people, count }) => {
      const members = count === 0 ? '' : ` It gives access to ${named(people, count)}.`
      return takenOver
        ? `${pusher(by)} took over the group ${group}, which has a role in ${space.name}: sign-ins no longer decide who is in it.${members}`
        : `${pusher(by)} changed the group ${group}, which has a role in ${space.name}.${members}`
    },
    to: toSpace,
  },
  'provisioning-idle': {
    sentence: ({ at }) =>
      `Pushed groups are suspended on ${instant(at)}, and their members lose the roles of these groups, because the identity provider has stopped using its provisioning token. Check the provisioning job.`,
    to: () => ({ page: '/admin/provisioning' }),
  },
  'group-released': {
    sentence: ({ space, group, by }) =>
      `${pusher(by)} removed the group ${group}, which has a role in ${space.name}. Its members lost that role. Anyone whose next sign-in names the group gets it again.`,
    to: toSpace,
  },
  'admins-lost': {
    sentence: ({ people, count, left }) => {
      const names = named(people, count)
      return `Provisioning by the identity provider took the role of platform admin from ${names}. ${left === 1 ? 'One admin is' : `${left} admins are`} left.`
    },
    to: ({ people: [first] }) => (first ? { person: first.handle } : { page: '/' }),
  },
  'admin-kept': {
    sentence: ({ person }) =>
      `The identity provider tried to take the role of platform admin from ${who(person)}. Spaceport refused: no admin would be left besides those who created the provisioning token. If they have to go, deactivate them yourself.`,
    to: ({ person }) => ({ person: person.handle }),
  },
  'token-requested': {
    sentence: ({ name, by, expiresAt }) =>
      `${who(by)} asks for the provisioning token “${name}”, which expires on ${instant(expiresAt)}. Another platform admin has to approve it.`,
    to: toProvisioning,
  },
  'token-decided': {
    sentence: ({ name, decision, by }) =>
      decision === 'approved'
        ? `${who(by)} approved your provisioning token “${name}”. Reveal it within a day.`
        : `${who(by)} declined your provisioning token “${name}”.`,
    to: toProvisioning,
  },
  'token-created': { sentence: tokenCreated, to: toProvisioning },
  'token-taken-over': {
    sentence: ({ name, by, from }) =>
      `${who(by)} took over the provisioning token “${name}” from ${who(from)}. It works again once everyone who is responsible for it is an active platform admin.`,
    to: toProvisioning,
  },
  'token-stopped': {
    sentence: ({ names, person }) =>
      `Provisioning with ${names.map((name) => `“${name}”`).join(' and ')} has stopped: ${who(person)}, who is responsible for it, is no longer an active platform admin. Take it over, or create another token.`,
    to: toProvisioning,
  },
  'token-expiring': {
    sentence: ({ name, expiresAt }) =>
      `The provisioning token “${name}” expires on ${instant(expiresAt)}. Create another one, and give it to your identity provider before.`,
    to: toProvisioning,
  },
  'provisioning-frozen': {
    sentence: ({ by }) => `${who(by)} froze provisioning. Nothing changes by it until a platform admin unfreezes it.`,
    reason: ({ reason }) => reason,
    to: toProvisioning,
  },
  'provisioning-unfrozen': {
    sentence: ({ by }) => `${who(by)} unfroze provisioning.`,
    reason: ({ reason }) => reason,
    to: toProvisioning,
  },
  'sessions-ended': { sentence: sessionsEnded, to: () => ({ page: '/profile' }) },
  'webhook-off': {
    sentence: ({ host }) => `Your webhook to ${host} was turned off: the receiver says that it is gone (HTTP 410).`,
    to: () => ({ page: '/inbox/settings' }),
  },
  endings: { sentence: endings, to: toEndings },
  'groups-pausing': {
    sentence: ({ at }) =>
      `Your roles from groups pause on ${instant(at)}, for your kubeconfigs too, unless you sign in before: your identity provider has to confirm your groups again.`,
    to: () => ({ page: '/profile' }),
  },
  'deactivation-coming': {
    sentence: ({ at, days }) =>
      `Your account will be deactivated on ${instant(at)}, unless you sign in before: accounts that nobody uses for ${days} days are.`,
    to: () => ({ page: '/profile' }),
  },
  'admin-role-activated': {
    sentence: ({ by, endsAt }) => `${who(by)} activated their role as platform admin, until ${instant(endsAt)}.`,
    reason: ({ reason }) => reason,
    to: ({ by }) => ({ person: by.handle }),
  },
  'admin-role-ended': {
    sentence: ({ by }) => `${who(by)} ended your role as platform admin. You can activate it again, with a reason.`,
    reason: ({ reason }) => reason,
    to: () => ({ page: '/profile' }),
  },
  'break-glass-code-created': {
    sentence: () =>
      'An operator made a new code of the break-glass account. Codes that were not used have stopped working.',
    to: () => ({ page: '/profile' }),
  },
  'break-glass-account-used': {
    sentence: ({ by, from, endsAt }) =>
      `Someone signed in with the break-glass account, as ${by.handle}${from === null ? '' : `, from ${from}`}. Until ${instant(endsAt)} they are a platform admin. Find out who it is, or end it now.`,
    to: ({ by }) => ({ person: by.handle }),
  },
  'trail-broken': {
    sentence: ({ says, count }) =>
      `The audit trail was changed. ${says}${count > 1 ? ` There are ${count - 1} more findings.` : ''} Keep what you have of it elsewhere, and find out who could write to the database.`,
    to: () => ({ page: '/audit' }),
  },
  'trail-unread': {
    sentence: () =>
      'The audit trail could not be verified: the verification gave up before its end, so nobody knows whether it was changed. The worker’s log says why.',
    to: () => ({ page: '/audit' }),
  },
  'identity-misused': {
    sentence: ({ cluster, count, at, from }) =>
      `Somebody used Spaceport’s own identity on the cluster ${cluster} for what Spaceport didn’t do: ${inNumber(count, 'request')}, the first at ${instant(at)}${from === null ? '' : ` from ${from}`}. Make new tokens for the gateway and the broker there, and find out who could read the old ones.`,
    to: ({ event }) => ({ trailEvent: event }),
  },
  'role-ending': {
    sentence: ({ space, role, endsAt }) => `Your ${role} role in ${space.name} ends soon, at ${instant(endsAt)}.`,
    to: toSpace,
  },
}

const wordingOf = <E extends InboxEvent>({ kind }: E) => wordings[kind] as Wording<E>

/** @returns what happened, in one or two plain sentences; the same on the page, in mails and in webhooks */
export const eventSentence = (event: InboxEvent): string => wordingOf(event).sentence(event)

/** @returns what somebody gave as the reason; null: none */
export const eventReason = (event: InboxEvent): string | null => wordingOf(event).reason?.(event) || null

/** @returns the path of the page to go to, which decides again whether the person may see it */
export function eventPath(event: InboxEvent, defaultCluster: string): string {
  const target = wordingOf(event).to(event)
  if ('page' in target) return target.page
  if ('person' in target) return `/admin/people/${encodeURIComponent(target.person)}`
  if ('review' in target) return `/admin/reviews/${target.review}`
  if ('request' in target) return `/requests/${target.request}`
  if ('trailEvent' in target) return `/audit/events/${encodeURIComponent(target.trailEvent)}`
  const { name, cluster } = target.space
  return `/spaces/${encodeURIComponent(name)}${cluster === defaultCluster ? '' : `?${new URLSearchParams({ cluster })}`}`
}
