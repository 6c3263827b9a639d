import { z } from 'zod'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { ApiServerError, request } from '#lib/kube/client/request.ts'
import { systemNamespace } from './as-service-account.ts'
import type { Area } from './check.ts'
import { bad, type Finding, good, skipped } from './finding.ts'

const page = 'docs/install.md, 1'

/** Checks the admission plugins that spaces rely on. Each check is a dry run that only the plugin refuses. */
export const admission = (cluster: Cluster): Area => ({
  title: 'Admission plugins',
  checks: [
    {
      about: 'Pod Security',
      remedy: 'let this login create pods in spaceport-system',
      run: async (signal) => {
        const path = `/api/v1/namespaces/${systemNamespace}`
        const { metadata } = await request(cluster, { method: 'GET', path, signal }, labelled)
        if (metadata.labels?.['pod-security.kubernetes.io/enforce'] !== 'restricted')
          return skipped(`Pod Security is not checked: ${systemNamespace} lacks the label for it, see above`)
        const said = await dryRun(cluster, `${path}/pods`, privilegedPod, signal)
        return judge('Pod Security', said, 'violates PodSecurity', 'a privileged pod in a restricted namespace')
      },
    },
    {
      about: 'Quota admission',
      remedy: 'let this login create Leases in spaceport-fence-proof',
      run: async (signal) => {
        const path = '/apis/coordination.k8s.io/v1/namespaces/spaceport-fence-proof/leases'
        const said = await dryRun(cluster, path, lease, signal)
        return judge('Quota admission', said, 'exceeded quota', 'an object beyond a namespace’s quota')
      },
    },
  ],
})

const labelled = z.object({ metadata: z.object({ labels: z.record(z.string(), z.string()).optional() }) })

const metadata = { name: 'spaceport-doctor' }
const privilegedPod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata,
  spec: { containers: [{ name: 'doctor', image: 'none.invalid/none', securityContext: { privileged: true } }] },
}
const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec: {} }

/** @returns the API server's refusal; undefined: it would have created the object */
async function dryRun(cluster: Cluster, path: string, body: unknown, signal: AbortSignal): Promise<string | undefined> {
  try {
    await request(cluster, { method: 'POST', path, query: { dryRun: 'All' }, body, signal }, z.unknown())
    return undefined
  } catch (error) {
    if (error instanceof ApiServerError && [403, 404, 422].includes(error.httpStatus)) return error.statusMessage
    throw error
  }
}

function judge(plugin: string, said: string | undefined, refusal: string, what: string): Finding {
  if (said?.includes(refusal)) return good(`${plugin} is on: it refused ${what}`)
  return said === undefined
    ? bad(`${plugin} is off: ${what} would have been created`, `switch it on (${page})`)
    : bad(
        `${plugin} could not be tested: ${what} was refused for another reason (${said})`,
        `see above, then check again (${page})`,
      )
}
