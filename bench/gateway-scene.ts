import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, request } from 'undici'
import { z } from 'zod'
import { openAuthority } from '#dev/cluster/certificates.ts'
import { writeKubeconfig } from '#dev/cluster/write-kubeconfig.ts'
import { freePorts } from '#dev/ports/free-ports.ts'
import { startProcess } from '#dev/process/managed-process.ts'
import { launcher, projectRoot } from '#dev/project-root.ts'
import { startService } from '#dev/stack/service.ts'
import type { BenchContext } from './bench-context.ts'
import { childrenOf } from './process-figures.ts'
import { startNginx } from './start-nginx.ts'

export type Contender = {
  /** Of the cluster's root. */
  url: string
  headers: readonly string[]
  /** Asked for when it matters: nginx's worker comes after its master. */
  pids: () => readonly number[]
}

export type GatewayScene = {
  caFile: string
  direct: Contender
  gateway: Contender
  goHttp1: Contender
  goHttp2: Contender
  /** @throws Error when there is no nginx */
  nginx: () => Promise<Contender>
  /** Path of an object that a person may read, below the cluster's root. */
  objectPath: string
}

const prefix = '/clusters/default'
const upstreamToken = 'bench-upstream'
const listed = 10_000

/**
 * The gateway, as it is and with its real database, and its references in front of one upstream that answers what the
 * real API server answered: so the machine's time goes into what is measured.
 */
export async function openGatewayScene(context: BenchContext): Promise<GatewayScene> {
  const { stack, scene, dir, reference, cleanup } = context
  const owner = await scene.person()
  const namespace = await scene.space(owner)
  const token = await scene.credential(owner)
  const ports = await freePorts('upstream', 'gateway', 'gatewayAdmin', 'goHttp1', 'goHttp2', 'nginx')

  const authority = await openAuthority(join(dir, 'pki'), 'bench authority')
  const tls = await authority.issue('server', {
    commonName: 'localhost',
    hosts: ['localhost', '127.0.0.1'],
    usages: ['server'],
  })
  const { caFile } = authority
  const launch = async (name: string, args: readonly string[]) => {
    const started = await startProcess({
      name,
      command: reference,
      args,
      env: { PATH: process.env.PATH },
      cwd: dir,
      logFile: join(dir, `${name}.log`),
    })
    await cleanup.add('services', () => started.stop({ graceMs: 500 }))
    return [started.pid]
  }
  const serve = (port: number) => ['-listen', `127.0.0.1:${port}`, '-cert', tls.certFile, '-key', tls.keyFile]
  const files = await writeAnswers(context, namespace)
  const upstreamPids = await launch('upstream', [
    'upstream',
    ...serve(ports.upstream),
    ...['-object', files.object, '-list', files.list],
  ])
  const upstreamUrl = `https://localhost:${ports.upstream}`
  const goProxy = (name: string, port: number, http2: boolean) =>
    launch(name, [
      ...['proxy', ...serve(port), '-ca', caFile, '-target', upstreamUrl, '-token', upstreamToken],
      ...['-prefix', prefix, `-http2=${http2}`],
    ])
  const goHttp1 = await goProxy('go-http1', ports.goHttp1, false)
  const goHttp2 = await goProxy('go-http2', ports.goHttp2, true)

  const kubeconfig = join(dir, 'upstream.kubeconfig')
  await writeKubeconfig(kubeconfig, {
    context: 'bench',
    cluster: { server: upstreamUrl, 'certificate-authority-data': readFileSync(caFile).toString('base64') },
    user: 'gateway',
    login: { token: upstreamToken },
  })
  const gateway = await startService({
    name: 'gateway under load',
    command: launcher,
    args: ['gateway'],
    env: {
      ...stack.env.gateway,
      KUBECONFIG: kubeconfig,
      SPACEPORT_CLUSTERS: 'default=bench',
      GATEWAY_LISTEN: `127.0.0.1:${ports.gateway}`,
      GATEWAY_ADMIN_LISTEN: `127.0.0.1:${ports.gatewayAdmin}`,
      GATEWAY_TLS_CERT: tls.certFile,
      GATEWAY_TLS_KEY: tls.keyFile,
    },
    cwd: projectRoot,
    logFile: join(dir, 'gateway.log'),
    readyUrl: `http://127.0.0.1:${ports.gatewayAdmin}/readyz`,
    onCrash: context.say,
  })
  await cleanup.add('services', () => gateway.stop())

  const headers = [`Authorization: Bearer ${token}`, 'User-Agent: kubectl/v1.36.3']
  const behind = (port: number, pids: readonly number[]): Contender => ({
    url: `https://localhost:${port}${prefix}`,
    headers,
    pids: () => pids,
  })
  await sleep(200)
  return {
    caFile,
    direct: { ...behind(ports.upstream, upstreamPids), url: upstreamUrl },
    gateway: behind(ports.gateway, [gateway.pid()]),
    goHttp1: behind(ports.goHttp1, goHttp1),
    goHttp2: behind(ports.goHttp2, goHttp2),
    nginx: async () => {
      const upstream = { port: ports.upstream, caFile, token: upstreamToken }
      const nginx = await startNginx({ dir: join(dir, 'nginx'), port: ports.nginx, tls, upstream, prefix })
      await cleanup.add('services', () => nginx.stop({ graceMs: 500 }))
      await sleep(500)
      const exit = nginx.exit()
      if (exit !== undefined) throw new Error(`nginx did not start: ${nginx.tail()}`)
      return { ...behind(ports.nginx, []), pids: () => childrenOf(nginx.pid) }
    },
    objectPath: `/api/v1/namespaces/${namespace}/configmaps/settings`,
  }
}

const kubeconfigSchema = z.object({
  clusters: z.tuple([
    z.object({ cluster: z.object({ server: z.string(), 'certificate-authority-data': z.string() }) }),
  ]),
  users: z.tuple([
    z.object({ user: z.object({ 'client-certificate-data': z.string(), 'client-key-data': z.string() }) }),
  ]),
})
const namespaceSchema = z.looseObject({ metadata: z.looseObject({ name: z.string(), uid: z.string() }) })

/** Asks the real API server for one namespace, and makes of it an answer of about 1 kB and a list of 10,000. */
async function writeAnswers({ stack, dir }: BenchContext, namespace: string) {
  const { parse } = await import('yaml')
  const config = kubeconfigSchema.parse(parse(readFileSync(stack.adminKubeconfig, 'utf8')))
  const [{ cluster }] = config.clusters
  const [{ user }] = config.users
  const pem = (data: string) => Buffer.from(data, 'base64').toString('utf8')
  const agent = new Agent({
    connect: {
      ca: pem(cluster['certificate-authority-data']),
      cert: pem(user['client-certificate-data']),
      key: pem(user['client-key-data']),
    },
  })
  const answer = await request(`${cluster.server}/api/v1/namespaces/${namespace}`, { dispatcher: agent })
  const object = namespaceSchema.parse(await answer.body.json())
  await agent.close()

  const data = { 'settings.yaml': 'x'.repeat(600) }
  const metadata = { name: 'settings', namespace, uid: object.metadata.uid, resourceVersion: '1234' }
  const items = Array.from({ length: listed }, (_, index) => {
    const digits = String(index).padStart(12, '0')
    return {
      ...object,
      metadata: { ...object.metadata, name: `bench-${digits}`, uid: object.metadata.uid.slice(0, -12) + digits },
    }
  })
  const files = { object: join(dir, 'object.json'), list: join(dir, 'list.json') }
  writeFileSync(files.object, JSON.stringify({ kind: 'ConfigMap', apiVersion: 'v1', metadata, data }))
  const list = { kind: 'NamespaceList', apiVersion: 'v1', metadata: { resourceVersion: '1234' }, items }
  writeFileSync(files.list, JSON.stringify(list))
  return files
}
