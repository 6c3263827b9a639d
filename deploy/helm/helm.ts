import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { buildHelm, type HelmMajor } from '#dev/cluster/build-helm.ts'
import { type Captured, runCaptured } from '#dev/process/run-captured.ts'
import type { Manifest } from '#lib/kernel/model/spaces/manifest.ts'

const deploy = join(import.meta.dirname, '..')
export const charts = { spaceport: join(deploy, 'chart'), cluster: join(deploy, 'cluster-chart') }
/** The required values, and all values. */
export const values = { least: join(import.meta.dirname, 'least.yaml'), full: join(import.meta.dirname, 'full.yaml') }
export const namespace = 'spaceport-system'

export type Helm = {
  /** Runs to its end, successful or not. */
  run: (...args: string[]) => Promise<Captured>
  /**
   * @returns its output;
   * @throws Error with its error output
   */
  ok: (...args: string[]) => Promise<string>
  /** @returns the objects of a rendered chart, including those of hooks */
  render: (chart: string, ...args: string[]) => Promise<Manifest[]>
  close: () => Promise<void>
}

/** The real Helm, with one kubeconfig and nothing of the developer’s own. */
export async function openHelm(kubeconfig = '/dev/null', major: HelmMajor = 4): Promise<Helm> {
  const program = await buildHelm(major, () => {})
  const home = await mkdtemp(join(tmpdir(), 'spaceport-helm-'))
  const env = { HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home, XDG_DATA_HOME: home, KUBECONFIG: kubeconfig }
  const run = (...args: string[]) => runCaptured(program, args, { env })
  const ok = async (...args: string[]) => {
    const { status, output, stdout } = await run(...args)
    if (status !== 0) throw new Error(`helm ${args.join(' ')} ended with status ${status}:\n${output}`)
    return stdout
  }
  const render = async (chart: string, ...args: string[]) =>
    objectsIn(await ok('template', 'spaceport', chart, '--namespace', namespace, ...args))
  return { run, ok, render, close: () => rm(home, { recursive: true, force: true }) }
}

export type Rendered = { helm: Helm; least: Manifest[]; full: Manifest[] }

/** @returns Helm, and Spaceport’s chart rendered with the least and with the full values */
export async function openRendered(): Promise<Rendered> {
  const helm = await openHelm()
  const [least, full] = await Promise.all([
    helm.render(charts.spaceport, '--values', values.least),
    helm.render(charts.spaceport, '--values', values.full),
  ])
  return { helm, least, full }
}

/** @returns the objects in a YAML text */
export const objectsIn = (text: string): Manifest[] =>
  parseAllDocuments(text)
    .map((document): unknown => document.toJS())
    .filter((object) => object !== null)
    .map((object) => object as Manifest)
