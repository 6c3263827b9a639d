import { join } from 'node:path'
import { charts, type Helm, namespace } from './helm.ts'

const folder = join(charts.spaceport, '..', 'kustomize')
export const baseFile = join(folder, 'base', 'spaceport.yaml')

/** @returns the text of `baseFile`, as it has to be */
export async function renderBase(helm: Helm): Promise<string> {
  const where = ['--namespace', namespace, '--values', join(folder, 'values.yaml')]
  const text = await helm.ok('template', 'spaceport', charts.spaceport, '--skip-tests', ...where)
  // Where in the chart each object is from would be a path that isn’t one of this project’s.
  return `# Rendered from the chart (deploy/helm/write-base.ts). Change that, not this.\n${text.replaceAll(/^# Source: .*\n/gm, '')}`
}
