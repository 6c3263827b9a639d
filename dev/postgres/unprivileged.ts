import { execFileSync } from 'node:child_process'
import { accessSync, chownSync, constants, lstatSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** How to start a program without root, and how to make a path accessible to it. */
export type Unprivileged = {
  command: (program: string, args: readonly string[]) => { command: string; args: string[]; uid?: number; gid?: number }
  own: (path: string) => void
}

type Account = { name: string; uid: number; gid: number }

const accounts = (): Account[] =>
  readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))

/** Whether a user who is neither the owner nor in the group can reach the path. */
function isReachableByAnyone(path: string): boolean {
  for (let at = path; ; at = dirname(at)) {
    const found = lstatSync(at, { throwIfNoEntry: false })
    if (found?.isDirectory() && (found.mode & 0o001) === 0) return false
    if (at === dirname(at)) return true
  }
}

/** @returns the path of a setpriv (util-linux) that supports this; BusyBox has a lesser one of the same name */
const findSetpriv = (become: readonly string[]): string | undefined =>
  (process.env.PATH ?? '')
    .split(':')
    .map((folder) => join(folder, 'setpriv'))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK)
        execFileSync(path, [...become, 'true'], { stdio: 'ignore' })
        return true
      } catch {
        return false
      }
    })

/**
 * Postgres refuses to run as root. An ordinary user runs it as themselves; root runs it as `postgres` or `nobody`,
 * whichever exists. If the project is in a folder that only root may enter (such as /root), it keeps the one capability
 * to traverse folders.
 * @param paths what the program must reach
 * @throws Error when root has no way to run it
 */
export function findUnprivileged(paths: readonly string[]): Unprivileged {
  if (process.getuid?.() !== 0) {
    return { command: (program, args) => ({ command: program, args: [...args] }), own: () => {} }
  }
  const known = accounts()
  const account = ['postgres', 'nobody'].map((name) => known.find((one) => one.name === name)).find(Boolean)
  if (account === undefined) {
    throw new Error('Postgres does not run as root, and there is neither a user postgres nor nobody: add one.')
  }
  const { uid, gid } = account
  const own = (path: string) => chownSync(path, uid, gid)
  if (paths.every(isReachableByAnyone)) {
    return { command: (program, args) => ({ command: program, args: [...args], uid, gid }), own }
  }
  const become = [
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    '--inh-caps=+dac_override',
    '--ambient-caps=+dac_override',
    // Otherwise access(2) ignores capabilities, and Postgres calls it for its own program.
    '--securebits=+no_setuid_fixup',
  ]
  const setpriv = findSetpriv(become)
  if (setpriv === undefined) {
    throw new Error(
      `Postgres does not run as root, and ${account.name} may not enter ${paths.filter((p) => !isReachableByAnyone(p)).join(', ')}. ` +
        'Clone the project somewhere outside of /root, or run as an ordinary user.',
    )
  }
  return { command: (program, args) => ({ command: setpriv, args: [...become, program, ...args] }), own }
}
