import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { writeKubeconfig } from '#dev/cluster/write-kubeconfig.ts'
import type { FixedObject, FixedObjects } from './fixed-objects.ts'

const context = 'fixed'

/**
 * Answers as an API server whose objects are fixed: lists, objects and logs. Everyone may do everything, but a change is
 * refused, and a watch has no events.
 * @param dir gets the kubeconfig
 */
export async function startFixedCluster(dir: string, objects: FixedObjects) {
  const server = createServer((request, response) => answer(request, response, objects))
  const listening = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', () => listening.resolve())
  await listening.promise
  const kubeconfig = join(dir, 'fixed.kubeconfig')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  await writeKubeconfig(kubeconfig, { context, cluster: { server: url }, user: context, login: { token: 'none' } })
  const stop = async () => {
    server.close()
    server.closeAllConnections()
  }
  return { kubeconfig, context, stop }
}

function answer(request: IncomingMessage, response: ServerResponse, { collections, logs }: FixedObjects): void {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://cluster')
  const send = (status: number, body: object) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  const refuse = (code: number, reason: string, message: string) =>
    send(code, { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message })

  request.resume()
  if (pathname.endsWith('accessreviews')) return void send(201, { status: { allowed: true } })
  if (pathname.endsWith('selfsubjectrulesreviews')) {
    const everything = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] }
    return void send(201, { status: { resourceRules: [everything], nonResourceRules: [], incomplete: false } })
  }
  if (request.method !== 'GET') return void refuse(403, 'Forbidden', 'The cluster of npm run dev:ui can’t be changed.')
  if (pathname === '/version') return void send(200, { major: '1', minor: '36', gitVersion: 'v1.36.0' })
  if (searchParams.has('watch'))
    return void response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders()
  if (pathname.endsWith('/log')) {
    response.writeHead(200, { 'content-type': 'text/plain' }).write(logs)
    return void (searchParams.has('follow') || response.end())
  }

  // Pages list only ReplicaSets that belong to no Deployment.
  const isWanted = ({ metadata }: FixedObject) =>
    searchParams.get('labelSelector') !== '!pod-template-hash' || !('pod-template-hash' in (metadata.labels ?? {}))
  const items = collections[pathname]?.filter(isWanted)
  if (items) return void send(200, { kind: 'List', apiVersion: 'v1', metadata: { resourceVersion: '1' }, items })
  const [, collection = '', name] = /^(.*)\/([^/]+)$/.exec(pathname) ?? []
  const found = collections[collection]?.find(({ metadata }) => metadata.name === name)
  if (found) return void send(200, found)
  if (collections[collection]) return void refuse(404, 'NotFound', `${name} is not among the fixed objects`)
  send(200, { kind: 'List', apiVersion: 'v1', metadata: { resourceVersion: '1' }, items: [] })
}
