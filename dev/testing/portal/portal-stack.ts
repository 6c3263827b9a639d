import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { json, text } from 'node:stream/consumers'
import type { z } from 'zod'
import { freePorts } from '#dev/ports/free-ports.ts'
import { listListening, withDescendants } from '#dev/ports/list-listening.ts'
import { residentMegabytes } from '#dev/process/resident-megabytes.ts'
import { launcher, projectRoot } from '#dev/project-root.ts'
import { type Service, startService } from '#dev/stack/service.ts'
import type { Stack } from '#dev/stack/stack-options.ts'
import { startStack } from '#dev/stack/start-stack.ts'
import { helpUrl, type listeningSchema, type PortalStack, replaceable, settingsSchema } from './described-stack.ts'
import { openSeed, seededKubeconfigSchema, seededRequestSchema, seededSceneSchema, seededSpaceSchema } from './seed.ts'

/**
 * Starts a whole Spaceport on free ports, in a temporary folder that is removed when it stops.
 * @param options.report called with the progress, a line at a time
 * @param options.onCrash called when a part exits that no test killed
 */
export async function startPortalStack(options: {
  report: (line: string) => void
  onCrash: (reason: string) => void
  /** Called with each process's memory, in MB, before tests kill the first of them. */
  onMemory?: (held: Readonly<Record<string, number>>) => void
}): Promise<PortalStack & { stop: () => Promise<void> }> {
  const stateDir = mkdtempSync(join(tmpdir(), 'spaceport-portal-'))
  const peopleFile = join(stateDir, 'people.json')
  writeFileSync(peopleFile, '[]')
  const started = performance.now()
  const stack = await startStack({
    stateDir,
    ports: await freePorts('web', 'idp', 'gateway', 'postgres', 'apiserver', 'mail'),
    web: 'production',
    gateway: true,
    worker: true,
    peopleFile,
    identityHop: true,
    fsync: false,
    settings: { SPACEPORT_WEBHOOK_ALLOWED_HOSTS: 'localhost', SPACEPORT_HELP_URL: helpUrl },
    report: ({ part, state, detail }) =>
      options.report(
        `${((performance.now() - started) / 1000).toFixed(1)} s: ${[part, state, detail].filter(Boolean).join(' ')}`,
      ),
    onCrash: options.onCrash,
  }).catch((error: unknown) => {
    rmSync(stateDir, { recursive: true, force: true })
    throw error
  })
  let reported = false
  const reportMemory = () => {
    if (!reported)
      options.onMemory?.(Object.fromEntries(stack.processes().map(({ name, pid }) => [name, residentMegabytes(pid)])))
    reported = true
  }
  const control = await serveControl(stack, reportMemory)
  const { webUrl, gatewayUrl, webAdminUrl, idpUrl, mailUrl = '', ownerDatabaseUrl, adminKubeconfig, binaries } = stack
  return {
    ...{ webUrl, gatewayUrl, webAdminUrl, idpUrl, mailUrl, ownerDatabaseUrl, adminKubeconfig, peopleFile },
    kubectl: binaries?.kubectl ?? 'kubectl',
    controlUrl: control.url,
    stop: async () => {
      reportMemory()
      await control.stop()
      await stack.stop()
      rmSync(stateDir, { recursive: true, force: true })
    },
  }
}

/** All listeners of the stack's processes and their children, and of this process, which starts them. */
function describeListening({ processes }: Pick<Stack, 'processes'>): z.infer<typeof listeningSchema> {
  const started = processes().map(({ name, pid }) => ({ name, pids: withDescendants(pid) }))
  return [{ name: 'starter', pids: [process.pid] }, ...started].flatMap(({ name, pids }) =>
    listListening(pids).map((listener) => ({ name, ...listener })),
  )
}

/** Web processes beside the stack's own, on the same database: for settings that would change every test's pages. */
function otherWebs({ env, services }: Stack) {
  const started: Service[] = []
  return {
    /** @returns its URL; the stack's cookies work there too, because a host's ports share them */
    async start(settings: Record<string, string>): Promise<string> {
      const { web: port } = await freePorts('web')
      const url = `http://localhost:${port}`
      const web = await startService({
        name: 'another web',
        command: launcher,
        args: ['web'],
        env: { ...env.web, PORT: String(port), WEB_ADMIN_LISTEN: '', SPACEPORT_URL: url, ...settings },
        cwd: projectRoot,
        logFile: `${services.web?.logFile ?? ''}.${port}`,
        readyUrl: `${url}/api/readyz`,
        onCrash: () => {},
      })
      started.push(web)
      return url
    },
    stop: () => Promise.all(started.map((web) => web.stop())),
  }
}

/** Tests run in other processes; this lets them kill and restart what only this one can. */
async function serveControl(stack: Stack, beforeKill: () => void) {
  const { services } = stack
  const others = otherWebs(stack)
  const seed = openSeed(stack)
  const answers: Record<string, (given: unknown) => Promise<string | undefined>> = {
    'POST /seed/space': async (given) => {
      await seed.space(seededSpaceSchema.parse(given))
      return undefined
    },
    'POST /seed/kubeconfig': (given) => seed.kubeconfig(seededKubeconfigSchema.parse(given)),
    'POST /seed/scene': async (given) => {
      await seed.scene(seededSceneSchema.parse(given))
      return undefined
    },
    'POST /seed/request': (given) => seed.request(seededRequestSchema.parse(given)),
    'POST /web-with': (settings) => others.start(settingsSchema.parse(settings)),
  }
  const { control: port } = await freePorts('control')
  const server = createServer((request, response) => {
    if (request.method === 'GET' && request.url === '/listening') {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(describeListening(stack)))
      return
    }
    const answer = answers[`${request.method} ${request.url}`]
    if (answer) {
      json(request)
        .then(answer)
        .then(
          (body) => response.writeHead(200).end(body),
          (error: unknown) => response.writeHead(500).end(String(error)),
        )
      return
    }
    const [, action, name] = /^\/(kill|restart)\/(\w+)$/.exec(request.url ?? '') ?? []
    const service = services[replaceable.find((each) => each === name) ?? 'web']
    if (request.method !== 'POST' || action === undefined || service === undefined) {
      response.writeHead(404).end()
      return
    }
    if (action === 'kill') beforeKill()
    const done =
      action === 'kill'
        ? service.kill('SIGKILL')
        : text(request).then((body) => service.restart(settingsSchema.parse(JSON.parse(body || '{}'))))
    done.then(
      () => response.writeHead(204).end(),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  const listening = Promise.withResolvers<void>()
  server.listen(port, '127.0.0.1', () => listening.resolve())
  await listening.promise
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      server.close()
      server.closeAllConnections()
      await others.stop()
      await seed.close()
    },
  }
}
