import { clusterPath } from '#components/clusters/cluster-path.ts'
import { Alert } from '#components/ui/alert.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import type { ClusterNotice } from '#lib/features/clusters/model/cluster-notice.ts'

type Props = { notices: readonly ClusterNotice[] }

/** Problems on clusters, for platform admins; nothing if there are none. */
export function ClusterNotices({ notices }: Props) {
  if (notices.length === 0) return null
  return (
    <ul aria-label="Clusters that need attention" className="mb-6 space-y-3">
      {notices.map(({ cluster, fences, rights }) => (
        <li key={cluster}>
          <Alert
            kind={fences.length > 0 ? 'bad' : 'warn'}
            title={
              fences.length > 0
                ? `Admission policies of cluster ${cluster} aren’t in force. Apply deploy/cluster-chart/templates again.`
                : `Cluster ${cluster} has rights that Spaceport didn’t grant. Check them with kubectl.`
            }
            action={
              <LinkButton size="sm" href={clusterPath(cluster)}>
                Open cluster
              </LinkButton>
            }
          >
            <ul className="wrap-anywhere list-disc space-y-1 pl-4">
              {[...fences, ...rights].map((sentence) => (
                <li key={sentence}>{sentence}</li>
              ))}
            </ul>
          </Alert>
        </li>
      ))}
    </ul>
  )
}
