import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { buildWeb } from '#dev/build/build-web.ts'
import { warmCompileCache } from '#dev/build/warm-compile-cache.ts'
import { openAuthority } from '#dev/cluster/certificates.ts'
import { freePorts } from '#dev/ports/free-ports.ts'
import { startPostgres } from '#dev/postgres.ts'
import { prepareDatabase } from '#dev/prepare-database.ts'
import { projectRoot } from '#dev/project-root.ts'
import { type Cleanup, createCleanup, StoppedWhileStarting } from './cleanup.ts'
import { type ExternalIdentity, renderEnvironment } from './environment.ts'
import { admitStackToken, prepareAudit } from './prepare-audit.ts'
import { keepSecrets } from './secrets.ts'
import type { Service } from './service.ts'
import type { RunningProcess, Stack, StackOptions } from './stack-options.ts'
import { startCluster } from './start-cluster.ts'
import { launch, startServices } from './start-services.ts'
import { secretsFile } from './state-dir.ts'

/**
 * Starts all of Spaceport and what it depends on, on this machine.
 * @throws Error that says which part failed, with its last log lines; what was started is stopped first
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const cleanup = createCleanup()
  const giveUp = () => void cleanup.run().catch(() => {})
  options.signal?.throwIfAborted()
  options.signal?.addEventListener('abort', giveUp)
  try {
    return await start(options, cleanup)
  } catch (error) {
    await cleanup.run()
    throw error
  } finally {
    options.signal?.removeEventListener('abort', giveUp)
  }
}

async function start(options: StackOptions, cleanup: Cleanup): Promise<Stack> {
  const { stateDir, ports, report } = options
  mkdirSync(stateDir, { recursive: true })
  const secrets = keepSecrets(join(stateDir, secretsFile))
  const webUrl = `http://localhost:${ports.web}`
  const gatewayUrl = `https://localhost:${ports.gateway}`
  const processes: (() => RunningProcess[])[] = []

  const authority = await openAuthority(join(stateDir, 'gateway-tls'), 'Spaceport development gateway CA')
  const tls = await authority.issue('gateway', {
    commonName: 'localhost',
    hosts: ['localhost', '127.0.0.1', '::1'],
    usages: ['server'],
  })
  const audit =
    options.worker && options.cluster === undefined
      ? await prepareAudit({
          ...{ stateDir, authority, token: secrets.auditToken },
          ca: readFileSync(authority.caFile, 'utf8'),
        })
      : undefined

  const [database, cluster, identity, mail] = await allOrFirstFailure(
    [
      startDatabase(options, cleanup, { processes, auditToken: audit && secrets.auditToken }),
      startCluster(options, cleanup, audit?.webhook),
      startIdentity(options, cleanup, { webUrl, clientSecret: secrets.oidcClientSecret }),
      startMail(options, cleanup),
      options.web === 'production' && !options.images ? buildPortal(options) : undefined,
      (options.gateway || options.worker) && !options.images ? warmCompileCache() : undefined,
    ],
    cleanup,
    options.signal,
  )
  processes.push(cluster.processes)

  const innerPorts = await freePorts('webAdmin', 'gatewayAdmin', 'worker')
  const env = renderEnvironment({
    webUrl,
    gatewayUrl,
    ports: { ...ports, ...innerPorts },
    databaseUrls: database.databaseUrls,
    brokerKubeconfig: cluster.brokerKubeconfig,
    gatewayKubeconfig: cluster.gatewayKubeconfig,
    context: cluster.context,
    identity: identity.provider,
    mailServer: mail?.smtpUrl,
    nextAuthSecret: secrets.nextAuthSecret,
    webhookSecret: secrets.webhookSecret,
    checkpointKey: secrets.checkpointKey,
    tls: { caFile: authority.caFile, ...tls },
    audit: audit?.receiver,
    production: options.web !== 'dev',
    surroundings: process.env,
    settings: options.settings ?? {},
  })
  const services = {
    ...(identity.service && { idp: identity.service }),
    ...(mail && { mail: mail.service }),
    ...(await startServices(options, cleanup, { env, ports: innerPorts })),
  }
  processes.push(() =>
    Object.values(services)
      .filter((service) => service.isRunning())
      .map((service) => ({ name: service.name, pid: service.pid(), logFile: service.logFile })),
  )
  report({ part: 'Spaceport', state: 'ready', detail: webUrl })
  const { processes: _processes, context: _context, ...clusterFacts } = cluster
  return {
    webUrl,
    gatewayUrl,
    webAdminUrl: `http://127.0.0.1:${innerPorts.webAdmin}`,
    idpUrl: identity.provider.issuer,
    mailUrl: mail?.pageUrl,
    ...database,
    ...clusterFacts,
    gatewayCaFile: authority.caFile,
    env,
    services,
    processes: () => processes.flatMap((list) => list()),
    stop: cleanup.run,
  }
}

/** How long to wait for a part that can't be interrupted (a compilation). Its process ends with this one. */
const patienceMs = 5_000

/** Waits for all; when one fails or the start is aborted, stops the others and then throws the reason. */
async function allOrFirstFailure<T extends readonly unknown[]>(
  work: readonly [...{ [K in keyof T]: Promise<T[K]> | T[K] }],
  cleanup: Cleanup,
  signal: AbortSignal | undefined,
): Promise<T> {
  const givenUp = Promise.withResolvers<never>()
  const giveUp = () => givenUp.reject(new StoppedWhileStarting('Stopped while starting.'))
  signal?.addEventListener('abort', giveUp, { once: true })
  try {
    return (await Promise.race([Promise.all(work), givenUp.promise])) as unknown as T
  } catch (error) {
    const stopping = cleanup.run()
    await Promise.race([Promise.allSettled(work), sleep(patienceMs, undefined, { ref: false })])
    await stopping
    throw error
  } finally {
    signal?.removeEventListener('abort', giveUp)
  }
}

async function startDatabase(
  options: StackOptions,
  cleanup: Cleanup,
  { processes, auditToken }: { processes: (() => RunningProcess[])[]; auditToken: string | undefined },
) {
  const { report, databaseUrl } = options
  const { ownerUrl, urls } =
    databaseUrl === undefined
      ? await startOwnPostgres(options, cleanup, processes)
      : { ownerUrl: databaseUrl, urls: { web: databaseUrl, worker: databaseUrl, gateway: databaseUrl } }
  report({ part: 'schema', state: 'starting' })
  const applied = await prepareDatabase({ ownerUrl, urls })
  if (auditToken !== undefined) await admitStackToken(ownerUrl, auditToken)
  report({ part: 'schema', state: 'ready', detail: applied.length > 0 ? `applied ${applied.length}` : 'up to date' })
  return { ownerDatabaseUrl: ownerUrl, databaseUrls: urls }
}

async function startOwnPostgres(options: StackOptions, cleanup: Cleanup, processes: (() => RunningProcess[])[]) {
  const postgres = await startPostgres({
    dir: join(options.stateDir, 'postgres'),
    port: options.ports.postgres,
    logFile: join(options.stateDir, 'logs', 'postgres.log'),
    fsync: options.fsync,
    report: options.report,
    onExit: () => options.onCrash(`postgres ended:\n${postgres.process.tail()}`),
  })
  await cleanup.add('infrastructure', postgres.stop)
  processes.push(() => [{ name: 'postgres', pid: postgres.process.pid, logFile: postgres.process.logFile }])
  return postgres
}

async function startIdentity(
  options: StackOptions,
  cleanup: Cleanup,
  client: { webUrl: string; clientSecret: string },
): Promise<{ provider: ExternalIdentity; service?: Service }> {
  if (options.identity !== undefined) return { provider: options.identity }
  const { ports, stateDir, peopleFile, identityHop } = options
  const provider = {
    issuer: `http://localhost:${ports.idp}`,
    clientId: 'spaceport',
    clientSecret: client.clientSecret,
  }
  const service = await launch(options, cleanup, {
    name: 'identity provider',
    command: process.execPath,
    args: ['--max-old-space-size=96', join(projectRoot, 'dev', 'idp', 'main.ts')],
    env: {
      PATH: process.env.PATH,
      IDP_PORT: String(ports.idp),
      IDP_STATE_DIR: join(stateDir, 'idp'),
      IDP_CLIENT_ID: provider.clientId,
      IDP_CLIENT_SECRET: provider.clientSecret,
      IDP_CLIENT_ORIGIN: client.webUrl,
      ...(peopleFile !== undefined && { IDP_PEOPLE_FILE: peopleFile }),
      ...(identityHop && { IDP_HOP: '1' }),
    },
    readyUrl: `http://127.0.0.1:${ports.idp}/healthz`,
  })
  return { provider, service }
}

async function startMail(
  options: StackOptions,
  cleanup: Cleanup,
): Promise<{ service: Service; smtpUrl: string; pageUrl: string } | undefined> {
  const { mail } = options.ports
  if (mail === undefined) return undefined
  const { smtp } = await freePorts('smtp')
  const service = await launch(options, cleanup, {
    name: 'mail server',
    command: process.execPath,
    args: ['--max-old-space-size=64', join(projectRoot, 'dev', 'mail', 'main.ts')],
    env: { PATH: process.env.PATH, MAIL_SMTP_PORT: String(smtp), MAIL_PAGE_PORT: String(mail) },
    readyUrl: `http://127.0.0.1:${mail}/healthz`,
  })
  return { service, smtpUrl: `smtp://127.0.0.1:${smtp}`, pageUrl: `http://localhost:${mail}` }
}

async function buildPortal({ report, webDir }: StackOptions): Promise<void> {
  report({ part: 'portal build', state: 'building', detail: 'only when the sources changed' })
  const built = await buildWeb({ copyTo: webDir })
  report({ part: 'portal build', state: 'ready', detail: built ? 'built' : 'unchanged' })
}
