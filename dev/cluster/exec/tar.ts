import { posix } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { extract, pack } from 'tar-stream'
import type { Container, Program } from './container.ts'
import { maxBytesOfPod } from './files.ts'

/**
 * The part of tar that `kubectl cp` uses: `tar cf - PATH…` and `tar xmf - [-C FOLDER]`, on the container's own files.
 */
export const tar: Program = async (args, container) => {
  const [mode, folder, paths] = readArguments(args)
  if (mode === undefined) {
    await container.err('tar: only "cf -" and "xf -" are understood\n')
    return 2
  }
  return mode === 'c' ? await create(paths, container) : await unpack(folder, container)
}

function readArguments(args: readonly string[]): [mode: 'c' | 'x' | undefined, folder: string, paths: string[]] {
  let folder = '/'
  let mode: 'c' | 'x' | undefined
  const paths: string[] = []
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? ''
    const flags = /^-?(c|x)[mvo]*f$/.exec(arg)
    if (mode === undefined && flags) {
      if (args[++at] !== '-') return [undefined, folder, []]
      mode = flags[1] === 'c' ? 'c' : 'x'
    } else if (arg === '-C') folder = args[++at] ?? '/'
    else if (!arg.startsWith('-')) paths.push(arg)
  }
  return [mode, folder, paths]
}

const create = async (paths: readonly string[], { files, out, err }: Container): Promise<number> => {
  let status = 0
  const archive = pack()
  for (const path of paths) {
    const found = files.below(path)
    if (found.length === 0) {
      await err(`tar: ${path}: No such file or directory\n`)
      status = 1
    }
    for (const file of found) archive.entry({ name: file.slice(1) }, files.read(file) ?? Buffer.alloc(0))
  }
  archive.finalize()
  await out(await buffer(archive))
  return status
}

const unpack = async (folder: string, { files, input, err }: Container): Promise<number> => {
  const chunks = async function* () {
    for (let chunk = await input.read(); chunk !== undefined; chunk = await input.read()) yield chunk
  }
  const archive = extract()
  const fed = pipeline(chunks, archive)
  // If the loop fails, this promise is never awaited.
  fed.catch(() => {})
  let status = 0
  for await (const entry of archive) {
    const { name, type, size = 0 } = entry.header
    const fits = type === 'file' && size <= maxBytesOfPod
    if (!fits) entry.resume()
    else if (files.write(posix.join(folder, name), await buffer(entry))) continue
    if (type !== 'file') continue
    await err(`tar: ${name}: No space left on device\n`)
    status = 1
  }
  await fed
  return status
}
