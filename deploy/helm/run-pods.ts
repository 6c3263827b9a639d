import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { inject } from 'vitest'
import { z } from 'zod'
import { type ManagedProcess, startProcess } from '#dev/process/managed-process.ts'
import { launcher } from '#dev/project-root.ts'
import { createKubectl } from '#dev/testing/kubectl.ts'
import type { Manifest } from '#lib/kernel/model/spaces/manifest.ts'
import { namespace } from './helm.ts'
import { environmentOf, podOf } from './pods.ts'

type Component = 'web' | 'gateway' | 'worker' | 'test'
const texts = z.object({ data: z.record(z.string(), z.string()) })

/**
 * Runs the programs of the chart’s pods with their environment, and with their files where a kubelet would put them, in
 * a folder of its own.
 * @param rendered the chart’s objects
 * @param ports those in use here, by those of the pods
 */
export function openPods({
  rendered,
  adminKubeconfig,
  ports,
}: {
  rendered: readonly Manifest[]
  adminKubeconfig: string
  ports: Readonly<Record<string, number>>
}) {
  const dir = mkdtempSync(join(tmpdir(), 'spaceport-pods-'))
  const kubectl = createKubectl({ program: inject('binaries').kubectl, kubeconfig: adminKubeconfig })
  const running: ManagedProcess[] = []
  const where = ['--namespace', namespace]

  const local = (component: Component, text: string) =>
    text
      .replaceAll(/\/(etc|var\/run)\/spaceport\//g, (path) => join(dir, component, path))
      .replaceAll(/0\.0\.0\.0:(\d+)/g, (_all, port: string) => `127.0.0.1:${ports[port] ?? port}`)
  function put(component: Component, path: string, text: string): string {
    const file = join(dir, component, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, local(component, text), { mode: 0o600 })
    return file
  }
  async function putIdentity(component: Component, folder: string): Promise<void> {
    const account = podOf(rendered, component).spec.serviceAccountName ?? ''
    put(component, join(folder, 'token'), (await kubectl.ok(['create', 'token', account, ...where])).trim())
    const path = 'jsonpath={.data.ca\\.crt}'
    const ca = await kubectl.ok(['get', 'configmap', 'kube-root-ca.crt', ...where, '--output', path])
    put(component, join(folder, 'ca.crt'), ca)
  }
  function putConfigMap(component: Component, name: string, folder: string): void {
    const found = rendered.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name)
    for (const [file, text] of Object.entries(texts.parse(found).data)) put(component, join(folder, file), text)
  }

  return {
    dir,
    kubectl,
    put,
    putIdentity,
    putConfigMap,
    /** @returns the environment of a process, with this machine's paths and ports */
    async mount(component: Component): Promise<Record<string, string | undefined>> {
      putConfigMap(component, 'spaceport-kubeconfig', 'etc/spaceport/kubeconfig')
      await putIdentity(component, 'var/run/spaceport/clusters/default')
      const environment = Object.entries(environmentOf(podOf(rendered, component)))
      return Object.fromEntries(environment.map(([name, value]) => [name, value && local(component, value)]))
    },
    async start(component: Component, env: Record<string, string | undefined>): Promise<ManagedProcess> {
      const process = await startProcess({
        ...{ name: component, command: launcher, args: [component], cwd: dir },
        env,
        logFile: join(dir, `${component}.log`),
      })
      running.push(process)
      return process
    },
    async close() {
      await Promise.all(running.map((process) => process.stop({ graceMs: 20_000 })))
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

export type Pods = ReturnType<typeof openPods>
