import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCaptured } from '#dev/process/run-captured.ts'
import { projectRoot } from '#dev/project-root.ts'

const deploy = join(projectRoot, 'deploy')
const namespace = 'spaceport-system'

/**
 * Writes what people without Helm apply: `manifests` for the cluster, `base` with the chart rendered from
 * deploy/kustomize/values.yaml, and `example`, an overlay to start with.
 * @param helm the program
 * @throws Error with Helm's output
 */
export async function writeKustomize(helm: string, into: string): Promise<void> {
  mkdirSync(into, { recursive: true })
  cpSync(join(deploy, 'cluster-chart', 'templates'), join(into, 'manifests'), { recursive: true })
  for (const folder of ['base', 'example'])
    cpSync(join(deploy, 'kustomize', folder), join(into, folder), { recursive: true })
  writeFileSync(join(into, 'base', 'spaceport.yaml'), await renderChart(helm))
}

async function renderChart(helm: string): Promise<string> {
  const values = join(deploy, 'kustomize', 'values.yaml')
  const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'))
  const args = ['template', 'spaceport', join(deploy, 'chart'), '--skip-tests', '--namespace', namespace]
  const { status, output, stdout } = await runCaptured(helm, [...args, '--values', values])
  if (status !== 0) throw new Error(`helm template failed:\n${output.trim()}`)
  // The source file in the chart is meaningless here.
  return `# Spaceport ${version}, rendered from its chart.\n${stdout.replaceAll(/^# Source: .*\n/gm, '')}`
}
