import { Alert } from '#components/ui/alert.tsx'
import { CopyButton } from '#components/ui/copy-button.tsx'
import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { NameLink } from '#components/ui/name-link.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import type { OffboardingView } from '#lib/kernel/model/people/offboarding.ts'
import { ClusterAnswer } from './cluster-answer.tsx'
import { personPath } from './people-list-data.ts'

type Props = {
  handle: string
  offboarding: OffboardingView
  /** Asks the clusters again now; null if the viewer may not. */
  askAgain: FormAction | null
}

/** When a person was offboarded, what ended, and the clusters’ answers. */
export function OffboardedNotice({ handle, offboarding, askAgain }: Props) {
  const { id, at, by, reason, ended, completedAt, hash, pseudonymisedAt, clusters, with: others } = offboarding
  const open = clusters.filter(({ finishedAt }) => finishedAt === null)
  const spaces = clusters.reduce((sum, each) => sum + each.spaces, 0)
  return (
    <Alert
      kind={completedAt ? 'ok' : 'warn'}
      title={
        completedAt
          ? 'Offboarded · certificate complete'
          : `Offboarded · certificate open: ${inNumber(open.length, 'cluster')} of ${clusters.length} to go`
      }
      action={
        <div className="flex flex-wrap items-start gap-2">
          <LinkButton href={`/api/admin/offboardings/${id}`} size="sm" icon="download" download>
            {completedAt ? 'Download certificate' : 'Download interim report'}
          </LinkButton>
          {askAgain && !completedAt && (
            <ActionForm action={askAgain} label="Ask the clusters again">
              <input type="hidden" name="id" value={id} />
              <SubmitButton variant="secondary" size="sm">
                Ask clusters again
              </SubmitButton>
            </ActionForm>
          )}
        </div>
      }
    >
      <p>
        By {by.name} ({by.handle}), <RelativeTime at={at} />: {reason}
      </p>
      <p>
        Ended: {inNumber(ended.sessions, 'session')}, {inNumber(ended.credentials, 'credential')},{' '}
        {inNumber(ended.grants, 'role')}, {inNumber(ended.requests, 'request')}, {inNumber(ended.offers, 'offer')}.
        Handed over: {inNumber(ended.spacesHandedOver, 'space')}. Given an end date:{' '}
        {inNumber(ended.spacesEnding, 'space')}.
      </p>
      {others.length > 0 && (
        <p>
          Offboarded together with:{' '}
          {others.map(({ handle: other, issuer }, at) => (
            <span key={other} className="wrap-anywhere">
              {at > 0 && ', '}
              <NameLink href={personPath(other)}>{other}</NameLink> ({issuer})
            </span>
          ))}
          . Each has its own certificate.
        </p>
      )}
      {completedAt && hash ? (
        <>
          <p>
            {inNumber(clusters.length, 'cluster')} confirmed that they have no access left in{' '}
            {inNumber(spaces, 'space')}, <RelativeTime at={completedAt} />.
          </p>
          <p className="flex flex-wrap items-center gap-x-2">
            SHA-256 <span className="wrap-anywhere font-mono text-xs">{hash}</span>
            <CopyButton text={hash} label="Copy hash" />
          </p>
          {pseudonymisedAt && (
            <p>
              The certificate was pseudonymised <RelativeTime at={pseudonymisedAt} />, so the file no longer matches
              this SHA-256.
            </p>
          )}
        </>
      ) : (
        <ul className="space-y-2">
          {open.map((proof) => (
            <li key={proof.cluster}>
              <ClusterAnswer proof={proof} handle={handle} />
            </li>
          ))}
        </ul>
      )}
    </Alert>
  )
}
