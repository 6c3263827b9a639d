/**
 * The files of simulated containers, in memory only, up to a limit: those copied by `kubectl cp`. Must never expose a
 * file of this machine or another pod's.
 */
import { posix } from 'node:path'

export const maxBytesOfPod = 16 * 1024 * 1024
const maxFilesOfPod = 1_000
const maxPods = 16

export type Files = {
  /** @returns undefined if there is none */
  read: (path: string) => Buffer | undefined
  /** @returns whether there was room for it */
  write: (path: string, content: Buffer) => boolean
  /** @returns whether it is a folder: the root, `/tmp`, or one that holds a file */
  isFolder: (path: string) => boolean
  /** @returns the absolute paths of all files at or below a path, sorted */
  below: (path: string) => string[]
}

/** @returns an absolute path without `.` and `..`; the root is the top */
const absolute = (path: string) => posix.resolve('/', path)

/** @returns a function that returns the files of a pod, by its namespace and name */
export function createFileStore(): (pod: string) => Files {
  const pods = new Map<string, Files>()
  return (pod) => {
    const files = pods.get(pod) ?? createFiles()
    pods.delete(pod)
    pods.set(pod, files)
    for (const oldest of pods.keys()) if (pods.size > maxPods) pods.delete(oldest)
    return files
  }
}

export function createFiles(): Files {
  const contents = new Map<string, Buffer>()
  const below = (path: string) => {
    const root = absolute(path)
    const prefix = root === '/' ? root : `${root}/`
    return [...contents.keys()].filter((file) => file === root || file.startsWith(prefix)).sort()
  }
  return {
    read: (path) => contents.get(absolute(path)),
    write(path, content) {
      const file = absolute(path)
      let bytes = content.length
      for (const [name, { length }] of contents) if (name !== file) bytes += length
      if (bytes > maxBytesOfPod || (contents.size >= maxFilesOfPod && !contents.has(file))) return false
      contents.set(file, content)
      return true
    },
    isFolder(path) {
      const folder = absolute(path)
      return folder === '/' || folder === '/tmp' || (!contents.has(folder) && below(folder).length > 0)
    },
    below,
  }
}
