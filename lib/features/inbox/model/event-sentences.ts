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
type SpaceList = { count: number; spaces: readonly Space[] }

/** One kind of event: a sentence, the reason given if any, the page it links to, and whether someone must act at once. */
type Wording<E> = {
  sentence: (event: E) => string
  reason?: (event: E) => string | null
  to: (event: E) => Target
  isAlarm?: true
}
type Target =
  | { request: string }
  | { person: string }
  | { review: string }
  | { space: Space }
  | { trailEvent: string }
  | { page: '/' | '/credentials' | '/profile' | '/inbox/settings' | '/audit/exports#chain' | '/admin/provisioning' }

/** Includes the handle, since people can choose their names. */
const who = ({ name, handle }: Person): string => `${name} (${handle})`

/** `Carol (carol-1a2b3c), Leo (leo-1) and 2 more` */
function peopleText(people: readonly Person[], count: number): string {
  const more = count - people.length
  return `${people.map(who).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

function pushedByText({ token, people }: PushedBy): string {
  if (token === null) return `Platform admin ${people.map(who).join(', ')}`
  return `The provisioning token ${token}${people.length > 0 ? ` (created by ${people.map(who).join(', ')})` : ''}`
}

/** `27 Nov 2026, 23:59 UTC` */
const instant = (at: string): string => {
  // ECMA-262 fixes this format: "Fri, 27 Nov 2026 23:59:59 GMT".
  const [, day, month, year] = new Date(at).toUTCString().split(' ')
  return `${Number(day)} ${month} ${year}, ${at.slice(11, 16)} UTC`
}

/** `the space a`, `the spaces a and b`, `the spaces a, b, c and 4 more` */
function spacesText({ count, spaces }: SpaceList): string {
  const names = spaces.slice(0, 3).map(({ name }) => name)
  const more = count - names.length
  const all = more > 0 ? [...names, `${more} more`] : names
  return `the ${count === 1 ? 'space' : 'spaces'} ${all.length > 1 ? `${all.slice(0, -1).join(', ')} and ${all.at(-1)}` : all[0]}`
}

const until = (endsAt: string | null): string => (endsAt === null ? 'without an end date' : `until ${instant(endsAt)}`)

const toRequest = ({ request }: { request: string }): Target => ({ request })
const toReview = ({ review }: { review: string }): Target => ({ review })
const toSpace = ({ space }: { space: Space }): Target => ({ space })
/** The space if there is only one; otherwise the list of spaces. */
const toSpaces = ({ count, spaces: [space] }: SpaceList): Target => (count === 1 && space ? { space } : { page: '/' })
const toProvisioning = (): Target => ({ page: '/admin/provisioning' })
const toOffers = (): Target => ({ page: '/' })

function requestedText(asked: RequestedChange): string {
  switch (asked.kind) {
    case 'space':
      return `the new space ${asked.space.name} of size ${asked.size}`
    case 'size':
      return `size ${asked.size} for ${asked.space?.name ?? 'a deleted space'}`
    case 'life':
      return `an extension of ${asked.space?.name ?? 'a deleted space'} ${until(asked.endsAt)}`
    case 'role': {
      const { minutes, startsAt, role, space } = asked
      const lasts = minutes === null ? 'without an end date' : `for ${minutesInWords(minutes)}`
      const from = startsAt === null ? '' : `, from ${instant(startsAt)}`
      return `the ${role} role in ${space.name} ${lasts}${from}`
    }
  }
}

function decided({ asked, decision, by, endsAt }: EventOf<'request-decided'>): string {
  const sentence = `${who(by)} ${decision} your request for ${requestedText(asked)}`
  const ends = decision === 'approved' && endsAt !== null ? `. It ends ${until(endsAt).replace('until ', 'on ')}` : ''
  return `${sentence}${ends}.`
}

function changed({ space, before, after, by }: EventOf<'access-changed'>): string {
  if (before.role === after.role)
    return after.endsAt === null
      ? `${who(by)} removed the end date of your ${after.role} role in ${space.name}.`
      : `${who(by)} changed the end date of your ${after.role} role in ${space.name} to ${instant(after.endsAt)}.`
  return `${who(by)} changed your role in ${space.name} from ${before.role} to ${after.role}, ${until(after.endsAt)}.`
}

const remains = (left: Standing | null): string =>
  left === null ? 'You no longer have access to it' : `You still have ${left} access through another role`

function removed({ space, role, left, by }: EventOf<'access-removed'>): string {
  return `${who(by)} removed your ${role} role in ${space.name}. ${remains(left)}.`
}

function reviewWaiting({ name, lines, dueAt, left, undecided }: EventOf<'review-waiting'>): string {
  const needs = `The access review “${name}” needs ${inNumber(lines, 'decision')} from you`
  const by = left === null ? `by ${instant(dueAt)}` : `within ${inNumber(left, 'day')}, by ${instant(dueAt)}`
  return `${needs} ${by}. Without a decision, access ${undecided === 'keep' ? 'stays' : 'is revoked'}.`
}

function deleted({ space, isOwner, by, why }: EventOf<'space-deleted'>): string {
  const which = isOwner ? `your space ${space.name}` : `the space ${space.name}, where you had a role`
  if (by) return `${who(by)} deleted ${which}.`
  const cause = why === 'name-taken' ? 'the cluster already has a namespace with that name' : 'its end date has passed'
  return `Spaceport deleted ${which}${isOwner ? '' : ','} because ${cause}.`
}

function sessionsEnded({ by, credentials, limited }: EventOf<'sessions-ended'>): string {
  const what =
    credentials === 0
      ? 'You were signed out everywhere'
      : `You were signed out everywhere, and ${credentials === 1 ? 'your kubeconfig' : `your ${credentials} kubeconfigs`} stopped working`
  if (limited)
    return `${what}: you are no longer allowed to sign in here. If this is a mistake, contact the people who run Spaceport.`
  return by === null
    ? `${what}: your identity provider ended your sessions.`
    : `${what}: ${who(by)} ended your sessions.`
}

function tokenCreated({ name, by, approvedBy, expiresAt }: EventOf<'token-created'>): string {
  const created = by
    ? `${who(by)} created the provisioning token “${name}”${approvedBy ? `, which ${who(approvedBy)} approved` : ''}`
    : `The operator’s command created the provisioning token “${name}”`
  return `${created}. It works until ${instant(expiresAt)}. If you didn’t expect this, revoke it or freeze provisioning.`
}

function endingText(ending: Ending): string {
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
  const listed = ends.map((ending) => `${endingText(ending)} on ${instant(ending.endsAt)}`)
  return `Ending soon: ${[...listed, ...(more > 0 ? [`and ${more} more`] : [])].join('; ')}.`
}

/** The page where the person can act on them; for several things, the list of spaces. */
function toEndings({ ends, more }: EventOf<'endings'>): Target {
  const [first] = ends
  if (ends.every(({ kind }) => kind === 'credential')) return { page: '/credentials' }
  return ends.length + more === 1 && first?.space ? { space: first.space } : { page: '/' }
}

const wordings: { readonly [K in EventKind]: Wording<EventOf<K>> } = {
  'request-waiting': {
    sentence: ({ by, asked }) => `${who(by)} asks for ${requestedText(asked)}.`,
    reason: ({ reason }) => reason,
    to: toRequest,
  },
  'request-approved-once': {
    sentence: ({ requester, asked, by, number, needed }) =>
      `${who(by)} approved the request of ${who(requester)} for ${requestedText(asked)}: approval ${number} of ${needed}.`,
    to: toRequest,
  },
  'request-withdrawn': {
    sentence: ({ by, asked }) => `${who(by)} withdrew the request for ${requestedText(asked)}.`,
    to: toRequest,
  },
  'request-decided': { sentence: decided, reason: ({ reason }) => reason, to: toRequest },
  'request-expired': {
    sentence: ({ asked, reason }) =>
      `Your request for ${requestedText(asked)} ${reason === null ? 'expired' : 'was closed'}.`,
    reason: ({ reason }) => reason,
    to: toRequest,
  },
  'review-waiting': { sentence: reviewWaiting, to: toReview },
  'review-revoked': {
    sentence: ({ space, role, left, name }) =>
      `Your ${role} role in ${space.name} ended with the access review “${name}” because no one decided to keep it. ${remains(left)}.`,
    to: toSpace,
  },
  'review-closed': {
    sentence: ({ name, decided, kept, revoked }) =>
      `The access review “${name}” is closed. ${inNumber(decided, 'line')} ${decided === 1 ? 'was' : 'were'} decided. Of the undecided lines, ${kept} stayed and ${revoked} ended.`,
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
      `${who(from)} left. Platform admin ${who(by)} made you the owner of ${spacesText(which)}.`,
    reason: ({ reason }) => reason,
    to: toSpaces,
  },
  'spaces-ending': {
    sentence: ({ by, from, endsAt, ...which }) =>
      `${who(from)} left. Platform admin ${who(by)} scheduled ${spacesText(which)} for deletion, ${which.count === 1 ? 'on' : 'the first on'} ${instant(endsAt)}. Save what you need.`,
    reason: ({ reason }) => reason,
    to: toSpaces,
  },
  'left-behind': {
    sentence: ({ space, from, count, command }) =>
      `${who(from)} left. ${count === 1 ? 'An object' : `${count} objects`} they created in ${space.name} can still run or grant permissions there. Delete what you don’t need, for example: ${command}`,
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
      const members = count === 0 ? '' : ` It now gives access to ${peopleText(people, count)}.`
      return takenOver
        ? `${pushedByText(by)} took over the group ${group}, which has a role in ${space.name}: sign-ins no longer change its members.${members}`
        : `${pushedByText(by)} changed the group ${group}, which has a role in ${space.name}.${members}`
    },
    to: toSpace,
  },
  'provisioning-idle': {
    sentence: ({ at }) =>
      `The identity provider has stopped using its provisioning token. On ${instant(at)} the groups it pushed are suspended, and their members lose roles from them. Check the provisioning job.`,
    to: () => ({ page: '/admin/provisioning' }),
  },
  'group-released': {
    sentence: ({ space, group, by }) =>
      `${pushedByText(by)} removed the group ${group}, which has a role in ${space.name}. Its members lost that role. Members regain it if the identity provider lists the group at their next sign-in.`,
    to: toSpace,
  },
  'admins-lost': {
    sentence: ({ people, count, left }) => {
      const names = peopleText(people, count)
      return `Provisioning by the identity provider removed the platform admin role from ${names}. ${left === 1 ? 'One admin is' : `${left} admins are`} left.`
    },
    to: ({ people: [first] }) => (first ? { person: first.handle } : { page: '/' }),
  },
  'admin-kept': {
    sentence: ({ person }) =>
      `The identity provider tried to remove the platform admin role from ${who(person)}. Spaceport refused: the only admins left would be those who created the provisioning token. To remove them anyway, deactivate them yourself.`,
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
      `The provisioning token “${name}” expires on ${instant(expiresAt)}. Create a new one and configure it in your identity provider before then.`,
    to: toProvisioning,
  },
  'provisioning-frozen': {
    sentence: ({ by }) => `${who(by)} froze provisioning. It makes no changes until a platform admin unfreezes it.`,
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
    sentence: ({ host }) => `Your webhook to ${host} was turned off: the receiver reports that it is gone (HTTP 410).`,
    to: () => ({ page: '/inbox/settings' }),
  },
  endings: { sentence: endings, to: toEndings },
  'groups-pausing': {
    sentence: ({ at }) =>
      `Your roles from groups will be suspended on ${instant(at)}, for your kubeconfigs too, unless you sign in first. Your identity provider has to confirm your groups again.`,
    to: () => ({ page: '/profile' }),
  },
  'deactivation-coming': {
    sentence: ({ at, days }) =>
      `Your account will be deactivated on ${instant(at)}, unless you sign in first. Accounts are deactivated after ${days} days without use.`,
    to: () => ({ page: '/profile' }),
  },
  'admin-role-activated': {
    sentence: ({ by, endsAt }) => `${who(by)} activated the platform admin role until ${instant(endsAt)}.`,
    reason: ({ reason }) => reason,
    to: ({ by }) => ({ person: by.handle }),
  },
  'admin-role-ended': {
    sentence: ({ by }) => `${who(by)} ended your role as platform admin. You can activate it again, with a reason.`,
    reason: ({ reason }) => reason,
    to: () => ({ page: '/profile' }),
  },
  'break-glass-code-created': {
    sentence: () => 'An operator created a new code for the break-glass account. Earlier unused codes no longer work.',
    to: () => ({ page: '/profile' }),
  },
  'break-glass-account-used': {
    sentence: ({ by, from, endsAt }) =>
      `Someone signed in with the break-glass account, as ${by.handle}${from === null ? '' : `, from ${from}`}. They are a platform admin until ${instant(endsAt)}. Find out who it is, or end their session now.`,
    to: ({ by }) => ({ person: by.handle }),
    isAlarm: true,
  },
  'trail-broken': {
    sentence: ({ says, count }) =>
      `The audit trail was changed. ${says}${count > 1 ? ` There ${count === 2 ? 'is' : 'are'} ${inNumber(count - 1, 'more finding')}.` : ''} Preserve any exports and checkpoints, and find out who had write access to the database.`,
    to: () => ({ page: '/audit/exports#chain' }),
    isAlarm: true,
  },
  'trail-unread': {
    sentence: () =>
      'The audit trail could not be verified: the verification stopped early, so changes may have gone undetected. The worker’s log has the cause.',
    to: () => ({ page: '/audit/exports#chain' }),
    isAlarm: true,
  },
  'identity-misused': {
    sentence: ({ cluster, count, at, from }) =>
      `Someone used Spaceport’s own identity on the cluster ${cluster} for ${inNumber(count, 'request')} that Spaceport didn’t make, the first at ${instant(at)}${from === null ? '' : ` from ${from}`}. Replace the tokens of the gateway and the broker there, and find out who could read the old ones.`,
    to: ({ event }) => ({ trailEvent: event }),
    isAlarm: true,
  },
  'role-ending': {
    sentence: ({ space, role, endsAt }) => `Your ${role} role in ${space.name} ends soon, on ${instant(endsAt)}.`,
    to: toSpace,
  },
}

const wordingOf = <E extends InboxEvent>({ kind }: E) => wordings[kind] as Wording<E>

/** @returns the event in one or two sentences, for the inbox, mail and webhooks */
export const eventSentence = (event: InboxEvent): string => wordingOf(event).sentence(event)

/** @returns the reason that a person gave, or null */
export const eventReason = (event: InboxEvent): string | null => wordingOf(event).reason?.(event) || null

/** @returns whether someone must act at once */
export const isAlarm = (event: InboxEvent): boolean => wordingOf(event).isAlarm === true

/** @returns the path of the page to link to; the page checks access again */
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
