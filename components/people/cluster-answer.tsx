import { sentenceOf } from '#lib/kernel/model/errors.ts'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import type { ClusterProof, StillAllowed } from '#lib/kernel/model/people/offboarding.ts'
import { personUserName } from '#lib/kernel/model/spaces/cluster-names.ts'

/** Limit of places listed. */
const shown = 10

/** Why a cluster keeps a certificate open, and what to do about it. */
export function ClusterAnswer({ proof, handle }: { proof: ClusterProof; handle: string }) {
  const { cluster, spaces, allowed, moreAllowed, unsettled, failureCode, startedAt } = proof
  return (
    <>
      <p className="font-medium">
        {cluster}:{' '}
        {failureCode
          ? `${sentenceOf(failureCode)} Spaceport retries automatically.`
          : startedAt
            ? `${inNumber(spaces, 'space')} checked.`
            : 'not checked yet.'}
      </p>
      {unsettled.length > 0 && <p>Waiting for the worker to update bindings in: {unsettled.join(', ')}.</p>}
      {allowed.length > 0 && (
        <>
          <p>
            The API server still allows them access in {moreAllowed ? `more than ${allowed.length}` : allowed.length}{' '}
            {allowed.length === 1 ? 'place' : 'places'}. The binding was created outside Spaceport: ask a cluster admin
            to remove the one that names{' '}
            <span className="wrap-anywhere font-mono text-xs">{personUserName(handle)}</span>. Spaceport retries
            automatically.
          </p>
          <ul className="list-disc pl-5">
            {allowed.slice(0, shown).map((place) => (
              <li key={place.space?.namespace ?? ''}>
                {nameOf(place)}: {place.questions.join(', ')}
              </li>
            ))}
            {allowed.length > shown && <li>and {allowed.length - shown} more, in the download</li>}
          </ul>
        </>
      )}
    </>
  )
}

const nameOf = ({ space }: StillAllowed): string => (space ? `in ${space.name}` : 'across the cluster')
