import { delimiter, join } from 'node:path'
import { unpackImages } from '#dev/image/unpack-images.ts'
import { freePorts } from '#dev/ports/free-ports.ts'
import { readExternalIdentity } from '#dev/stack/read-external-identity.ts'
import { startStack } from '#dev/stack/start-stack.ts'
import { createKubectl, type Kubectl } from '#dev/testing/kubectl.ts'

export type Target = {
  webUrl: string
  login: { username: string; password: string }
  /** Paths or names of the kubectl programs, each of which does the whole job. */
  kubectls: readonly [string, ...string[]]
  /** kubectl that sees the whole cluster; undefined without such a kubeconfig. */
  admin: Kubectl | undefined
  /** Whether its pods run on our own control plane. */
  simulated: boolean
  stop: () => Promise<void>
}

type Options = { dir: string; env: Readonly<Record<string, string | undefined>>; signal: AbortSignal }

/** Connects to the portal named in the environment, or starts one. dev/smoke.ts explains the variables. */
export async function openTarget({ dir, env, signal }: Options): Promise<Target> {
  const username = env.SPACEPORT_SMOKE_USER || 'alice'
  const login = { username, password: env.SPACEPORT_SMOKE_PASSWORD || username }
  const kubeconfig = env.SPACEPORT_SMOKE_KUBECONFIG || undefined
  const context = env.SPACEPORT_SMOKE_CONTEXT || undefined
  const given = readPaths(env.SPACEPORT_SMOKE_KUBECTL)

  if (env.SPACEPORT_SMOKE_URL) {
    const webUrl = new URL(env.SPACEPORT_SMOKE_URL).origin
    const answer = await fetch(`${webUrl}/api/readyz`, { signal })
    if (!answer.ok) throw new Error(`${webUrl} is not ready: ${await answer.text()}`)
    const kubectls = given ?? (['kubectl'] as const)
    const admin = kubeconfig === undefined ? undefined : createKubectl({ program: kubectls[0], kubeconfig, context })
    return { webUrl, login, kubectls, admin, simulated: false, stop: () => Promise.resolve() }
  }

  const ports = await freePorts('web', 'idp', 'gateway', 'postgres', 'apiserver')
  const crashes: string[] = []
  const identity = readExternalIdentity(env)
  const layout = env.SPACEPORT_SMOKE_IMAGES || undefined
  const images = layout === undefined ? undefined : await unpackImages(layout, join(dir, 'images'), () => {})
  const stack = await startStack({
    stateDir: join(dir, 'stack'),
    ports: { ...ports, ...(env.SPACEPORT_SMOKE_WEB_PORT && { web: Number(env.SPACEPORT_SMOKE_WEB_PORT) }) },
    web: 'production',
    gateway: true,
    worker: true,
    images,
    cluster: kubeconfig === undefined ? undefined : { kubeconfig, context },
    identity,
    // The people and groups of the development provider are known; others must be given.
    settings: identity === undefined ? {} : env,
    report: () => {},
    onCrash: (reason) => crashes.push(reason),
    signal,
  })
  const kubectls = given ?? ([stack.binaries?.kubectl || 'kubectl'] as const)
  return {
    webUrl: stack.webUrl,
    login,
    kubectls,
    admin: createKubectl({ program: kubectls[0], kubeconfig: stack.adminKubeconfig, context }),
    simulated: kubeconfig === undefined,
    stop: async () => {
      await stack.stop()
      if (crashes.length > 0) throw new Error(`A part of Spaceport exited unexpectedly:\n${crashes.join('\n')}`)
    },
  }
}

function readPaths(list: string | undefined): [string, ...string[]] | undefined {
  const [first, ...others] = (list ?? '').split(delimiter).filter(Boolean)
  return first === undefined ? undefined : [first, ...others]
}
