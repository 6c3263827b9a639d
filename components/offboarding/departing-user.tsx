import { personPath } from '#components/people/people-list-data.ts'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Section } from '#components/ui/section.tsx'
import type { DepartingUserView } from '#lib/features/offboarding/model/departing-user-view.ts'
import { inNumber } from '#lib/kernel/model/in-number.ts'

/** The access that ends as soon as a person is offboarded. */
export const EndingAccess = ({ departingUser }: { departingUser: DepartingUserView }) => (
  <Section
    title="What ends now"
    actions={
      <LinkButton href={personPath(departingUser.person.handle)} size="sm">
        View profile
      </LinkButton>
    }
  >
    <ul className="list-disc space-y-1 pl-5 text-sm">
      {linesOf(departingUser).map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  </Section>
)

function linesOf({ person, ownRoles, groupRoles, requests, offersFrom, offersTo }: DepartingUserView): string[] {
  const ends = [
    ...some(person.sessions, 'session'),
    ...some(person.credentials, 'credential'),
    ...some(ownRoles, 'role of their own', 'roles of their own'),
    ...some(requests, 'open request'),
    ...some(offersFrom, 'offer that they made', 'offers that they made'),
    ...some(offersTo, 'offer to them', 'offers to them'),
  ]
  return [
    person.deactivatedAt
      ? 'They are already deactivated, and stay deactivated.'
      : 'They can no longer sign in, and every open log, watch, shell and port-forward is cut.',
    ends.length > 0
      ? `For good: ${ends.join(', ')}.`
      : 'They have no sessions, credentials, roles, requests or offers.',
    ...person.tokens.map(
      (token) => `Provisioning with the token ${token} stops until another platform admin takes it over.`,
    ),
    ...(groupRoles > 0
      ? [`${inNumber(groupRoles, 'role')} through ${inNumber(person.groups.length, 'group')} no longer apply to them.`]
      : []),
    'Their ServiceAccount is removed from every cluster. Then each cluster is asked what they can still do in every space.',
  ]
}

const some = (count: number, one: string, many = `${one}s`): string[] =>
  count === 0 ? [] : [`${count} ${count === 1 ? one : many}`]
