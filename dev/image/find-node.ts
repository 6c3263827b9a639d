import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCaptured } from '#dev/process/run-captured.ts'
import { projectRoot } from '#dev/project-root.ts'
import { type Architecture, nativeArchitecture } from './architecture.ts'
import { readShipped } from './production-packages.ts'

/**
 * @param work a folder for a Node of another processor, which is downloaded
 * @returns the folder of the locked Node, with its program in `bin/node`
 * @throws Error when npm can't download it, or it isn't the locked one
 */
export async function findNode(architecture: Architecture, work: string): Promise<string> {
  const name = `node-linux-${architecture}`
  if (architecture === nativeArchitecture()) return join(projectRoot, 'node_modules', name)
  const { version, integrity } = readShipped(projectRoot)[`node_modules/${name}`] ?? {}
  if (version === undefined || integrity === undefined) throw new Error(`package-lock.json has no ${name}.`)
  const into = join(work, name)
  mkdirSync(into, { recursive: true })
  const { status, output } = await runCaptured('npm', ['pack', `${name}@${version}`, '--pack-destination', into])
  if (status !== 0) throw new Error(`npm pack ${name} failed:\n${output.trim()}`)
  const file = readdirSync(into).find((one) => one.endsWith('.tgz')) ?? ''
  const found = createHash('sha512')
    .update(readFileSync(join(into, file)))
    .digest('base64')
  if (`sha512-${found}` !== integrity) throw new Error(`${name} isn’t the one in package-lock.json: sha512-${found}`)
  const unpacked = await runCaptured('tar', ['-xzf', join(into, file), '-C', into])
  if (unpacked.status !== 0) throw new Error(`tar failed:\n${unpacked.output.trim()}`)
  return join(into, 'package')
}
