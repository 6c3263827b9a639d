import type { ReactNode } from 'react'
import { Alert } from '#components/ui/alert.tsx'
import { AbsoluteTime } from '#components/ui/time/absolute-time.tsx'
import type { ClusterView } from '#lib/features/clusters/model/cluster-view.ts'
import { oldestKubernetes } from '#lib/features/clusters/model/kubernetes-version.ts'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import { failureWords } from './cluster-words.ts'

type Props = { cluster: ClusterView }

/** A cluster's problems, the worst first, each with what to do; nothing if there are none. */
export function ClusterProblems({ cluster }: Props) {
  const { contact, fences, rights, version, healthRefusedAt, isConfigured } = cluster
  const problems = [
    !isConfigured && <NotConfigured key="configuration" cluster={cluster} />,
    isConfigured && contact.state !== 'answers' && <NoContact key="contact" cluster={cluster} />,
    fences.state === 'faulty' && <FencesDown key="fences" cluster={cluster} />,
    version?.state === 'too-old' && <TooOld key="version" text={version.text} />,
    healthRefusedAt && <HealthRefused key="health" at={healthRefusedAt} />,
    rights.count > 0 && <ForeignRights key="rights" cluster={cluster} />,
  ].filter((problem) => problem !== false && problem !== null)
  return problems.length > 0 && <div className="mb-4 space-y-3">{problems}</div>
}

const NotConfigured = ({ cluster: { spaces } }: Props) => (
  <Alert kind="warn" title="This cluster is no longer configured">
    <p>
      {inNumber(spaces.total, 'space')} {spaces.total === 1 ? 'remains' : 'remain'} on it, and no worker maintains{' '}
      {spaces.total === 1 ? 'it' : 'them'}. Add the cluster to SPACEPORT_CLUSTERS again, under the same name, for the
      portal, the gateway and the worker. The data below is from the last contact.
    </p>
  </Alert>
)

function NoContact({ cluster: { contact } }: Props) {
  const { state, triedAt, answeredAt, failingSince, failure } = contact
  if (state === 'never' || !triedAt)
    return (
      <Alert kind="warn" title="No worker has contacted this cluster yet">
        <p>Check that a worker is running and configured for this cluster. It makes contact seconds after it starts.</p>
      </Alert>
    )
  if (state === 'silent')
    return (
      <Alert
        kind="bad"
        title={
          <>
            No worker has contacted this cluster since <AbsoluteTime at={triedAt} />
          </>
        }
      >
        <p>
          Check that a worker is running and configured for this cluster. Until then, the data below is out of date.
        </p>
      </Alert>
    )
  const words = failure && failureWords[failure]
  return (
    <Alert
      kind="bad"
      title={
        answeredAt && failingSince ? (
          <>
            Unreachable since <AbsoluteTime at={failingSince} />
          </>
        ) : (
          'Never reached'
        )
      }
    >
      {words && (
        <p>
          {words.why} {words.look}
        </p>
      )}
      <p>Workloads keep running. Changes to its spaces are applied when the cluster is reachable again.</p>
    </Alert>
  )
}

const FencesDown = ({ cluster: { fences } }: Props) => (
  <Alert kind="bad" title="Admission policies aren’t in force">
    <p>
      Until they are, no new person gets access to spaces there, and kubectl may be read-only. Apply
      deploy/cluster-chart/templates again, as a cluster admin (docs/own-cluster.md). The worker checks them again every
      few seconds.
    </p>
    <Sentences of={fences.faults.map(({ policy, fault }) => `${policy}: ${fault}`)} />
  </Alert>
)

const TooOld = ({ text }: { text: string }) => (
  <Alert kind="bad" title={`Kubernetes ${text} is too old`}>
    <p>
      Admission policies need {oldestKubernetes.major}.{oldestKubernetes.minor} or newer to keep Spaceport and people
      inside spaces. Upgrade the cluster.
    </p>
  </Alert>
)

const HealthRefused = ({ at }: { at: Date }) => (
  <Alert kind="warn" title="Spaceport may not read the health of spaces">
    <p>
      Since <AbsoluteTime at={at} />, lists don’t show which spaces have failing workloads. Apply
      deploy/cluster-chart/templates again, as a cluster admin (docs/own-cluster.md).
    </p>
  </Alert>
)

const ForeignRights = ({ cluster: { rights } }: Props) => (
  <Alert kind="warn" title={`${inNumber(rights.count, 'right')} that Spaceport didn’t grant`}>
    <p>Spaceport doesn’t remove them. Check them with kubectl, and remove those that aren’t needed.</p>
    <Sentences of={rights.shown} more={rights.count - rights.shown.length} />
  </Alert>
)

const Sentences = ({ of, more = 0 }: { of: readonly ReactNode[]; more?: number }) => (
  <ul className="wrap-anywhere list-disc space-y-1 pl-4">
    {[...new Set(of)].map((sentence) => (
      <li key={String(sentence)}>{sentence}</li>
    ))}
    {more > 0 && <li key="more">and {more} more</li>}
  </ul>
)
