import { cpSync, lstatSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { charts } from './helm.ts'

/**
 * Writes a future version of Spaceport’s chart, with more in its fences and roles.
 * @param dir doesn’t exist yet
 * @returns that folder
 */
export function writeNextVersion(dir: string): string {
  const subchart = join(dir, 'charts', 'spaceport-cluster')
  // Written through a link, the change would be in the chart itself.
  const copy = (from: string, to: string) =>
    cpSync(from, to, { recursive: true, filter: (path) => !lstatSync(path).isSymbolicLink() })
  copy(charts.spaceport, dir)
  copy(charts.cluster, subchart)
  const add = (file: string, after: string, added: string) => {
    const path = join(subchart, 'templates', file)
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll(after, `${after}${added}\n`))
  }
  add('60-fences.yaml', '\n  matchConditions:\n', "    - { name: next, expression: 'true' }")
  add('60-fences.yaml', '\n  validations:\n', "    - { expression: 'true', message: Of the next version. }")
  add('50-gateway.yaml', '\nrules:\n', '  - { apiGroups: [example.com], resources: [things], verbs: [get] }')
  return dir
}
