/**
 * Runs `kubectl exec` in a development pod: a handful of commands, answered in this process. Must never expose a file,
 * process, variable or name of this machine. A command is only words to compare.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { Container, Program } from './container.ts'
import { Interrupted } from './input.ts'
import { type Command, parseScript, UnknownSyntax, type Word } from './parse-script.ts'
import { tar } from './tar.ts'

type Shell = { container: Container; status: number; ended: boolean }

const simulated = '(containers are simulated on this control plane)'
const interruptedStatus = 130

const environment = ({ pod, tty }: Container): ReadonlyMap<string, string> =>
  new Map([
    ['HOSTNAME', pod],
    ['HOME', '/root'],
    ['PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
    ...(tty ? [['TERM', 'xterm'] as const] : []),
  ])

const sayLine =
  (line: (container: Container) => string): Program =>
  async (_args, container) => {
    await container.out(`${line(container)}\n`)
    return 0
  }

const cat: Program = async (args, container) => {
  let status = 0
  for (const file of args.length > 0 ? args : ['-']) {
    const content = container.files.read(file)
    if (file !== '-' && content !== undefined) await container.out(content)
    else if (file !== '-') {
      await container.err(`cat: ${file}: No such file or directory\n`)
      status = 1
    } else
      for (let chunk = await container.input.read(); chunk !== undefined; chunk = await container.input.read())
        await container.out(chunk)
  }
  return status
}

const ls: Program = async (args, { files, out, err }) => {
  let status = 0
  const paths = args.filter((arg) => !arg.startsWith('-'))
  for (const path of paths.length > 0 ? paths : ['/']) {
    const found = files.below(path)
    if (found.length === 0 && !files.isFolder(path)) {
      await err(`ls: ${path}: No such file or directory\n`)
      status = 1
    } else for (const file of found) await out(`${file}\n`)
  }
  return status
}

const test: Program = async ([flag, path = ''], { files }) => {
  if (flag === '-d') return files.isFolder(path) ? 0 : 1
  if (flag === '-e' || flag === '-f') return files.read(path) !== undefined ? 0 : 1
  return 2
}

const printenv: Program = async ([name], container) => {
  const variables = environment(container)
  if (name === undefined) for (const [key, value] of variables) await container.out(`${key}=${value}\n`)
  else if (variables.has(name)) await container.out(`${variables.get(name)}\n`)
  else return 1
  return 0
}

const echo: Program = async (args, container) => {
  const bare = args[0] === '-n'
  await container.out(`${args.slice(bare ? 1 : 0).join(' ')}${bare ? '' : '\n'}`)
  return 0
}

const utcDate = () => {
  const [weekday, day, month, year, time] = new Date().toUTCString().split(/,? /)
  return `${weekday} ${month} ${day} ${time} UTC ${year}`
}

/** Until Ctrl-C or the end of the connection. */
const sleep: Program = async ([seconds = ''], { input, ended }) => {
  if (!/^\d{1,4}(\.\d+)?$/.test(seconds)) return 1
  const done = new AbortController()
  const over = delay(Number(seconds) * 1_000, 0, { ref: false, signal: AbortSignal.any([ended, done.signal]) })
  const status = await Promise.race([over.catch(() => 1), input.interrupted().then(() => interruptedStatus)])
  done.abort()
  return status
}

const sh: Program = async (args, container) => {
  const shell: Shell = { container, status: 0, ended: false }
  const flag = args.findIndex((arg) => /^-[a-z]*c$/.test(arg))
  if (flag >= 0) await runScript(args[flag + 1] ?? '', shell)
  else await runLines(shell)
  return shell.status
}

const programs: ReadonlyMap<string, Program> = new Map<string, Program>([
  ['cat', cat],
  ['date', sayLine(utcDate)],
  ['echo', echo],
  ['env', printenv],
  ['false', async () => 1],
  ['hostname', sayLine(({ pod }) => pod)],
  ['ls', ls],
  ['printenv', printenv],
  ['pwd', sayLine(() => '/')],
  ['sh', sh],
  ['sleep', sleep],
  ['tar', tar],
  ['test', test],
  ['ash', sh],
  ['bash', sh],
  ['true', async () => 0],
  ['whoami', sayLine(() => 'root')],
])

/**
 * Answers one command.
 * @param words the program and its arguments, at least one
 * @returns its exit code; 127 for an unknown command
 */
export async function runCommand(words: readonly string[], container: Container): Promise<number> {
  try {
    return await runProgram(words, container)
  } catch (error) {
    if (error instanceof Interrupted) return interruptedStatus
    throw error
  }
}

async function runProgram([name = '', ...args]: readonly string[], container: Container): Promise<number> {
  const program = programs.get(name.replace(/^(\/usr)?(\/local)?\/bin\//, ''))
  if (program !== undefined) return await program(args, container)
  await container.err(`sh: ${name}: not found ${simulated}\n`)
  return 127
}

async function runLines(shell: Shell): Promise<void> {
  const { input, out, tty } = shell.container
  if (tty)
    await out(`Nothing runs in here ${simulated}. Available commands: ${[...programs.keys()].sort().join(' ')} exit\n`)
  while (!shell.ended) {
    try {
      if (tty) await out('/ # ')
      const line = await input.readLine()
      if (line === undefined) {
        if (tty) await out('\n')
        return
      }
      await runScript(line, shell)
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error
      shell.status = interruptedStatus
      if (!tty) return
    }
  }
}

async function runScript(script: string, shell: Shell): Promise<void> {
  let commands: Command[]
  try {
    commands = parseScript(script)
  } catch (error) {
    if (!(error instanceof UnknownSyntax)) throw error
    await shell.container.err(`sh: only words, quotes, $NAME, ;, && and || are understood ${simulated}\n`)
    shell.status = 2
    return
  }
  for (const { after, words } of commands) {
    if (shell.ended) return
    if ((after === 'success' && shell.status !== 0) || (after === 'failure' && shell.status === 0)) continue
    await runWords(
      words.map((word) => expand(word, shell)),
      shell,
    )
  }
}

async function runWords(words: readonly string[], shell: Shell): Promise<void> {
  const [name, argument] = words
  if (name === 'exit') {
    shell.ended = true
    if (argument !== undefined) shell.status = Number.parseInt(argument, 10) & 255
  } else if (name === 'exec') {
    shell.status = await runProgram(words.slice(1), shell.container)
    shell.ended = true
  } else if (name === 'cd') {
    shell.status = argument === undefined || shell.container.files.isFolder(argument) ? 0 : 2
    if (shell.status !== 0) await shell.container.err(`sh: cd: can't cd to ${argument}\n`)
  } else {
    shell.status = await runProgram(words, shell.container)
  }
}

function expand(word: Word, shell: Shell): string {
  const variables = environment(shell.container)
  return word
    .map((part) => {
      if (typeof part === 'string') return part
      return part.variable === '?' ? String(shell.status) : (variables.get(part.variable) ?? '')
    })
    .join('')
}
