import { statSync } from 'node:fs'
import { join } from 'node:path'
import { commandIn, type UnpackedImage } from '#dev/image/unpack-images.ts'
import { launcher, projectRoot } from '#dev/project-root.ts'
import type { Cleanup } from './cleanup.ts'
import type { StackEnvironment } from './environment.ts'
import { type Service, type ServiceOptions, startService } from './service.ts'
import type { Stack, StackOptions } from './stack-options.ts'

type Launch = Pick<ServiceOptions, 'name' | 'command' | 'args' | 'env' | 'readyUrl'> & {
  readyTimeoutMs?: number
}

/** Starts a process, and registers it to be stopped. */
export async function launch(options: StackOptions, cleanup: Cleanup, what: Launch): Promise<Service> {
  cleanup.throwIfStopping()
  options.report({ part: what.name, state: 'starting' })
  const service = await startService({
    ...what,
    cwd: projectRoot,
    logFile: join(options.stateDir, 'logs', `${what.name.replaceAll(' ', '-')}.log`),
    onCrash: options.onCrash,
    signal: options.signal,
  })
  await cleanup.add('services', () => service.stop())
  options.report({ part: what.name, state: 'ready', detail: new URL(what.readyUrl).origin })
  return service
}

/** Starts the requested ones of web, gateway and worker, in parallel. */
export async function startServices(
  options: StackOptions,
  cleanup: Cleanup,
  wiring: { env: StackEnvironment; ports: { gatewayAdmin: number; worker: number } },
): Promise<Stack['services']> {
  const { ports } = options
  const { env } = wiring
  const next = join(projectRoot, 'node_modules', 'next', 'dist', 'bin', 'next')
  const web =
    options.web === 'dev'
      ? { command: process.execPath, args: [next, 'dev', '--port', String(ports.web), '--hostname', '127.0.0.1'] }
      : { command: launcher, args: ['web', ...(options.webDir === undefined ? [] : [options.webDir])] }

  const wanted = {
    web: options.web !== 'none' && {
      ...web,
      readyUrl: `http://127.0.0.1:${ports.web}/api/readyz`,
      // The development server compiles what is requested first.
      readyTimeoutMs: options.web === 'dev' ? 120_000 : 60_000,
    },
    gateway: options.gateway && {
      command: launcher,
      args: ['gateway'],
      readyUrl: `http://127.0.0.1:${wiring.ports.gatewayAdmin}/readyz`,
    },
    worker: options.worker && {
      command: launcher,
      args: ['worker'],
      readyUrl: `http://127.0.0.1:${wiring.ports.worker}/readyz`,
    },
  }
  const services: Stack['services'] = {}
  const names = ['web', 'gateway', 'worker'] as const
  const results = await Promise.allSettled(
    names.map(async (name) => {
      const what = wanted[name]
      if (what === false) return
      const own = options.images && fromImage(options.images[name], env[name])
      services[name] = await launch(options, cleanup, { name, env: env[name], ...what, ...own })
    }),
  )
  for (const result of results) if (result.status === 'rejected') throw result.reason
  return services
}

/** @returns the command that starts it from its image, with the files in its environment */
function fromImage(
  image: UnpackedImage,
  env: Record<string, string | undefined>,
): Pick<Launch, 'command' | 'args' | 'env'> {
  const files = Object.values(env).filter(
    (value) => value?.startsWith('/') && statSync(value, { throwIfNoEntry: false })?.isFile(),
  )
  return {
    ...commandIn(
      image,
      files.filter((file) => file !== undefined),
    ),
    env: { ...image.env, ...env, PATH: process.env.PATH },
  }
}
