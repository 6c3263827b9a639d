import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BenchContext } from '#bench/bench-context.ts'
import { onContenderCore } from '#bench/machine/cores.ts'
import { familyOf } from '#bench/machine/family.ts'
import { writeKubeconfig } from '#dev/cluster/write-kubeconfig.ts'
import { freePorts } from '#dev/ports/free-ports.ts'
import { type ManagedProcess, startProcess } from '#dev/process/managed-process.ts'
import { launcher, projectRoot } from '#dev/project-root.ts'
import { startService } from '#dev/stack/service.ts'
import { type Ground, prefix } from './ground.ts'
import { findNginx, renderNginx } from './nginx.ts'

/** A server under test, on the contenders’ core. */
export type ServerUnderTest = {
  /** Of the cluster’s root. */
  url: string
  /** Read when needed: nginx’s worker starts after its master. */
  pids: () => readonly number[]
  stop(): Promise<void>
}

const urlAt = (port: number) => `https://localhost:${port}${prefix}`
const upstreamUrl = ({ upstream }: Ground) => `https://localhost:${upstream.port}`

/**
 * Starts the gateway as production does.
 * @param settings override its environment
 */
export async function startGateway(
  context: BenchContext,
  ground: Ground,
  settings: Readonly<Record<string, string>> = {},
): Promise<ServerUnderTest> {
  const { placement, surroundings, stack, cleanup } = context
  const ports = await freePorts('gateway', 'admin')
  const kubeconfig = join(ground.dir, 'upstream.kubeconfig')
  await writeKubeconfig(kubeconfig, {
    context: 'bench',
    cluster: {
      server: upstreamUrl(ground),
      'certificate-authority-data': readFileSync(ground.caFile).toString('base64'),
    },
    user: 'gateway',
    login: { token: ground.upstream.token },
  })
  const service = await startService({
    name: 'gateway under load',
    ...onContenderCore(placement, { command: launcher, args: ['gateway'] }),
    env: {
      ...stack.env.gateway,
      DATABASE_URL: ground.database.urls.gateway,
      KUBECONFIG: kubeconfig,
      SPACEPORT_CLUSTERS: 'default=bench',
      GATEWAY_LISTEN: `127.0.0.1:${ports.gateway}`,
      GATEWAY_ADMIN_LISTEN: `127.0.0.1:${ports.admin}`,
      GATEWAY_TLS_CERT: ground.tls.certFile,
      GATEWAY_TLS_KEY: ground.tls.keyFile,
      ...settings,
    },
    cwd: projectRoot,
    logFile: join(ground.dir, `gateway-${ports.gateway}.log`),
    readyUrl: `http://127.0.0.1:${ports.admin}/readyz`,
    onCrash: context.say,
  })
  surroundings.addContender(service.pid())
  await cleanup.add('services', () => service.stop())
  return { url: urlAt(ports.gateway), pids: () => [service.pid()], stop: () => service.stop() }
}

/** How Go’s reverse proxy runs: the protocol towards the API server, and with defaults or tuned. */
export type GoProxy = { http2: boolean; tuned: boolean }

/** Starts Go’s reverse proxy (reference/proxy.go). */
export async function startGo(
  context: BenchContext,
  ground: Ground,
  { http2, tuned }: GoProxy,
): Promise<ServerUnderTest> {
  const { port } = await freePorts('port')
  const serve = ['-listen', `127.0.0.1:${port}`, '-cert', ground.tls.certFile, '-key', ground.tls.keyFile]
  const process = await startContender(context, ground, {
    name: `go-${port}`,
    command: context.reference,
    args: [
      ...['proxy', ...serve, '-ca', ground.caFile, '-target', upstreamUrl(ground), '-token', ground.upstream.token],
      ...['-prefix', prefix, `-http2=${http2}`, `-pool=${tuned}`],
    ],
    env: tuned ? { GOGC: '400', GOMAXPROCS: '1' } : {},
  })
  return { url: urlAt(port), pids: () => [process.pid], stop: () => process.stop({ graceMs: 500 }) }
}

/** @throws Error when there is no nginx */
export async function startNginx(context: BenchContext, ground: Ground): Promise<ServerUnderTest> {
  const command = await findNginx()
  const { port } = await freePorts('port')
  const args = renderNginx(join(ground.dir, 'nginx'), port, ground)
  const process = await startContender(context, ground, { name: 'nginx', command, args, env: {} })
  return {
    url: urlAt(port),
    // The master does nothing.
    pids: () => familyOf(process.pid).slice(1),
    stop: () => process.stop({ graceMs: 500 }),
  }
}

async function startContender(
  { placement, surroundings, cleanup }: BenchContext,
  { dir }: Ground,
  what: { name: string; command: string; args: readonly string[]; env: Record<string, string> },
): Promise<ManagedProcess> {
  const { name, env } = what
  const logFile = join(dir, `${name}.log`)
  const command = onContenderCore(placement, what)
  const started = await startProcess({ name, ...command, env: { PATH: process.env.PATH, ...env }, cwd: dir, logFile })
  surroundings.addContender(started.pid)
  await cleanup.add('services', () => started.stop({ graceMs: 500 }))
  // It listens within milliseconds, but doesn’t report it.
  await new Promise((resolve) => setTimeout(resolve, 500))
  if (started.exit() !== undefined) throw new Error(`${name} did not start: ${started.tail()}`)
  return started
}
