import { randomBytes, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'undici'
import { parse } from 'yaml'
import { z } from 'zod'
import { defaultReach } from '#lib/kernel/model/access/reach-fixture.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { fieldManager, personGroups, personUserName } from '#lib/kernel/model/spaces/cluster-names.ts'
import type { Manifest } from '#lib/kernel/model/spaces/manifest.ts'
import { renderSpace } from '#lib/kernel/model/spaces/render-space.ts'
import { objectPath } from '#lib/kube/client/object-path.ts'

const kubeconfigSchema = z.object({
  clusters: z.tuple([
    z.object({ cluster: z.object({ server: z.string(), 'certificate-authority-data': z.string() }) }),
  ]),
  users: z.tuple([z.object({ user: z.object({ token: z.string() }) })]),
})
const quotasSchema = z.object({
  items: z.array(z.object({ status: z.object({ hard: z.looseObject({}).default({}) }).prefault({}) })),
})
const reviewSchema = z.object({ status: z.object({ allowed: z.boolean() }) })

/** A connection to the API server that creates spaces by their bare calls, one after another. */
export type BareConnection = { create(owner: Actor, name: string): Promise<void>; close(): Promise<void> }

/** @param kubeconfig the broker's: the same rights and the same admission as ours */
export function openBareConnection(kubeconfig: string): BareConnection {
  const config = kubeconfigSchema.parse(parse(readFileSync(kubeconfig, 'utf8')))
  const [{ cluster }] = config.clusters
  const [{ user }] = config.users
  const ca = Buffer.from(cluster['certificate-authority-data'], 'base64').toString('utf8')
  const client = new Client(cluster.server, { connect: { ca }, pipelining: 1, allowH2: false })

  async function call(
    method: 'GET' | 'POST' | 'PATCH',
    path: string,
    body?: object,
    attemptsLeft = 10,
  ): Promise<unknown> {
    const answer = await client.request({
      method,
      path,
      headers: {
        authorization: `Bearer ${user.token}`,
        accept: 'application/json',
        'content-type': method === 'PATCH' ? 'application/apply-patch+yaml' : 'application/json',
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await answer.body.text()
    // The quota changed while the API server counted it. Clients are expected to retry.
    if (answer.statusCode === 409 && text.includes('resourcequotas') && attemptsLeft > 0)
      return call(method, path, body, attemptsLeft - 1)
    if (answer.statusCode >= 300) throw new Error(`${method} ${path} answered ${answer.statusCode}: ${text}`)
    return JSON.parse(text)
  }
  const apply = (manifest: Manifest) => {
    const { apiVersion, kind, metadata } = manifest
    const { name, namespace } = metadata
    const path = objectPath({ apiVersion, kind, name, ...(namespace !== undefined && { namespace }) })
    return call('PATCH', `${path}?fieldManager=${fieldManager}&force=true`, manifest)
  }
  async function isAllowed(owner: Actor, namespace: string): Promise<boolean> {
    const answer = await call('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      spec: {
        user: personUserName(owner.handle),
        groups: personGroups,
        resourceAttributes: { namespace, verb: 'create', group: 'apps', resource: 'deployments' },
      },
    })
    return reviewSchema.parse(answer).status.allowed
  }

  async function isCounted(namespace: string): Promise<boolean> {
    const { items } = quotasSchema.parse(await call('GET', `/api/v1/namespaces/${namespace}/resourcequotas`))
    return items.every(({ status }) => Object.keys(status.hard).length > 0)
  }

  return {
    async create(owner, name) {
      const rendered = renderSpace(
        {
          id: randomUUID(),
          name,
          namespace: name,
          creation: randomBytes(18).toString('base64url'),
          description: 'measured',
          size: 'S',
          endsAt: null,
          requestId: null,
          owner,
          members: [{ member: owner, role: 'admin' }],
          grants: [],
        },
        defaultReach,
      )
      await call('POST', `/api/v1/namespaces?fieldManager=${fieldManager}`, rendered.namespace)
      for (const manifest of [...rendered.limits, ...rendered.access]) await apply(manifest)
      while (!(await isAllowed(owner, name))) await sleep(5)
      while (!(await isCounted(name))) await sleep(5)
    },
    close: () => client.close(),
  }
}
