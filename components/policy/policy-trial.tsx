import Link from 'next/link'
import { type ReactNode, useEffect, useRef } from 'react'
import { addressOf, spacePath } from '#components/spaces/space-path.ts'
import { Section } from '#components/ui/section.tsx'
import type { PolicyTrial, Trial, TrialOutcome } from '#lib/features/policy/model/policy-trial.ts'

const outcomes: Readonly<Record<TrialOutcome, string>> = { refused: 'refused', approval: 'sent to approval' }

/** What the rules in the form would have done in the last 30 days. Takes the focus once it is there. */
export function PolicyTrialResult({ trial, defaultCluster }: { trial: PolicyTrial; defaultCluster: string }) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => box.current?.querySelector<HTMLElement>('h2')?.focus(), [])
  const { spaces, grants, requests, suspended, unseen } = trial
  const affected = [spaces, grants, requests].some(({ refused, approval }) => refused + approval > 0)
  const spaceLink = (space: { name: string; cluster: string }, exists: boolean) =>
    exists ? (
      <Link className="font-medium text-accent hover:underline" href={spacePath(addressOf(space, defaultCluster))}>
        {space.name}
      </Link>
    ) : (
      `${space.name} (deleted)`
    )
  return (
    <div ref={box}>
      <Section title="The last 30 days under these rules" description="A preview: nothing has been changed.">
        {affected || suspended + unseen > 0 ? (
          <div className="space-y-6 text-sm">
            <div className="grid gap-6 sm:grid-cols-2 lg:grid-cols-4">
              <Sum what="Spaces created" trial={spaces} />
              <Sum what="Roles given directly" trial={grants} />
              <Sum what="Requests decided" trial={requests} />
              <div className="space-y-1">
                <h3>People, if saved now</h3>
                <p>
                  {suspended === 1 ? '1 person’s roles' : `${suspended} people’s roles`} from groups would be suspended
                  until their next sign-in
                </p>
                <p>{unseen} would be warned now, and deactivated in 14 days unless they return</p>
              </div>
            </div>
            <Newest what="Spaces created" trial={spaces}>
              {({ space, exists, owner }) => (
                <>
                  {spaceLink(space, exists)} of {owner}
                </>
              )}
            </Newest>
            <Newest what="Roles given directly" trial={grants}>
              {({ space, exists, to, role }) => (
                <>
                  {role} for {to} in {spaceLink(space, exists)}
                </>
              )}
            </Newest>
            <Newest what="Requests decided" trial={requests}>
              {({ id, requester }) => (
                <Link className="font-medium text-accent hover:underline" href={`/requests/${id}`}>
                  Request of {requester}
                </Link>
              )}
            </Newest>
          </div>
        ) : (
          <p className="text-sm">Nothing would have been different.</p>
        )}
      </Section>
    </div>
  )
}

type SumProps<T> = { what: string; trial: Trial<T> }

const Sum = <T,>({ what, trial: { tried, more, refused, approval } }: SumProps<T>) => (
  <div className="space-y-1">
    <h3>{what}</h3>
    <p>
      {refused} refused, {approval} sent to approval, of {more ? `the newest ${tried}` : tried}
    </p>
  </div>
)

/** What would have been decided otherwise, a row each. */
function Newest<T>({ what, trial, children }: SumProps<T> & { children: (thing: T) => ReactNode }) {
  const { refused, approval, newest } = trial
  if (newest.length === 0) return null
  return (
    <div>
      <h3 className="mb-1">{what}</h3>
      <ul className="divide-y border-y">
        {newest.map((thing, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes
          <li key={at} className="wrap-anywhere flex flex-wrap justify-between gap-x-6 py-2">
            <span>{children(thing)}</span>
            <span className="text-muted">
              {thing.why}: {outcomes[thing.outcome]}
            </span>
          </li>
        ))}
      </ul>
      {refused + approval > newest.length && (
        <p className="mt-2 text-muted">Only the newest {newest.length} are shown.</p>
      )}
    </div>
  )
}
