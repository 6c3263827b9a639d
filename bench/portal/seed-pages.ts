import { randomUUID } from 'node:crypto'
import type { BenchContext } from '#bench/bench-context.ts'
import { openAdminClient } from '#bench/cluster/admin-client.ts'
import { openSession } from '#bench/scene/scene.ts'
import { pageRoutes } from '#e2e/fixtures/routes.ts'
import { createCredential } from '#lib/features/credentials/use-cases/create-credential.ts'
import { requestRole } from '#lib/features/requests/use-cases/request-role.ts'
import { startReview } from '#lib/features/reviews/use-cases/start-review.ts'
import { wrapContext } from '#lib/kernel/use-case/wrap-context.ts'

/** An address with content for each of the portal's routes. */
export type SeededPage = {
  route: string
  path: string
  /** The cookie's value of an admin or auditor; undefined for pages without a session. */
  session: string | undefined
}

/** Admins are redirected from here. */
const forAuditors = ['/admin/access']
/** People who have the role are redirected from here. */
const elsewhere = ['/profile/admin-role']

const dayMs = 86_400_000
const workload = 'Deployment/web'
const queries: Readonly<Record<string, string>> = {
  '/spaces/[name]/workload': `?of=${workload}`,
  '/spaces/[name]/workload/edit': `?of=${workload}`,
  '/spaces/[name]/configuration/object': '?kind=ConfigMap&name=kube-root-ca.crt',
}

/** Creates one of everything that pages show: a space with a workload, a member's request, a credential, a review. */
export async function seedPages({ scene, stack }: BenchContext): Promise<SeededPage[]> {
  const [admin, auditor, member] = [await scene.person('admin'), await scene.person('auditor'), await scene.person()]
  const name = await scene.space(admin)
  const { db } = scene.services
  const as = (actor: typeof admin) =>
    wrapContext(scene.services, actor, {
      observer: 'web/bench',
      requestId: randomUUID(),
      sourceAddress: '127.0.0.1',
      userAgent: 'bench',
    })
  await deploy(stack.adminKubeconfig, name)
  await createCredential(as(admin), { space: { name } })
  const request = await requestRole(as(member), {
    space: { name },
    role: 'editor',
    minutes: 1_440,
    reason: 'to deploy',
  })
  const review = await startReview(as(admin), {
    name,
    spaces: [name],
    dueAt: new Date(Date.now() + 7 * dayMs),
    undecided: 'keep',
  })
  const [space, credential, event] = await Promise.all([
    db.space.findFirstOrThrow({ where: { name }, select: { id: true } }),
    db.credential.findFirstOrThrow({ where: { userId: admin.userId }, select: { id: true } }),
    db.auditEvent.findFirstOrThrow({ where: { targetName: name, intentId: null }, select: { id: true } }),
  ])
  const ids: Readonly<Record<string, string>> = {
    '/admin/reviews/[id]': review.id,
    '/audit/credentials/[id]': credential.id,
    '/audit/events/[id]': event.id,
    '/audit/spaces/[id]': space.id,
    '/requests/[id]': request.id,
  }
  const [session, auditors] = await Promise.all(
    [admin, auditor].map(({ userId }) => openSession(stack.ownerDatabaseUrl, userId)),
  )
  return pageRoutes
    .filter((route) => !elsewhere.includes(route))
    .map((route) => ({
      route,
      path:
        route
          .replace('[name]', name)
          .replace('[handle]', member.handle)
          .replace('[id]', ids[route] ?? '') + (queries[route] ?? ''),
      session: route.startsWith('/sign-in') ? undefined : forAuditors.includes(route) ? auditors : session,
    }))
}

async function deploy(kubeconfig: string, namespace: string): Promise<void> {
  const [kind, name] = workload.split('/')
  const labels = { app: name }
  const client = openAdminClient(kubeconfig)
  try {
    const { status } = await client.call('POST', `/apis/apps/v1/namespaces/${namespace}/deployments`, {
      apiVersion: 'apps/v1',
      kind,
      metadata: { name },
      spec: {
        replicas: 3,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name, image: 'nginx' }] } },
      },
    })
    if (status !== 201) throw new Error(`${workload} was not created: ${status}`)
  } finally {
    await client.close()
  }
}
