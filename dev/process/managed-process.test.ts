import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { type Exit, startProcess } from './managed-process.ts'

const dir = mkdtempSync(join(tmpdir(), 'spaceport-process-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const run = (name: string, script: string, onExit?: (exit: Exit) => void) =>
  startProcess({
    name,
    command: process.execPath,
    args: ['-e', script],
    env: { PATH: process.env.PATH },
    cwd: dir,
    logFile: join(dir, 'logs', `${name}.log`),
    ...(onExit !== undefined && { onExit }),
  })

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function until(condition: () => boolean): Promise<void> {
  for (let left = 400; left > 0; left -= 1) {
    if (condition()) return
    await sleep(25)
  }
  throw new Error('this did not happen within 10 s')
}

test('a process that exits unexpectedly is reported with its status and last lines', async () => {
  const exits: Exit[] = []
  const started = await run(
    'crash',
    'console.log("first"); console.error("last words"); process.exitCode = 3',
    (exit) => exits.push(exit),
  )
  await started.exited
  expect(exits).toEqual([{ code: 3, signal: null }])
  expect(started.tail(1)).toBe('last words')
})

test('a process that is stopped is not reported', async () => {
  const exits: Exit[] = []
  const started = await run('stopped', 'setInterval(() => {}, 1000)', (exit) => exits.push(exit))
  await started.stop()
  expect(exits).toEqual([])
  expect(isAlive(started.pid)).toBe(false)
})

test('one that ignores the signal is killed together with its children', async () => {
  const script = `
    process.on('SIGTERM', () => {})
    const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    console.log(child.pid)`
  const started = await run('stubborn', script)
  await until(() => started.tail(1) !== '')
  const child = Number(started.tail(1))
  await started.stop({ graceMs: 200 })
  await until(() => !isAlive(child))
})

test('the log of the previous run is kept beside the new one', async () => {
  const first = await run('twice', 'console.log("one")')
  await first.exited
  const second = await run('twice', 'console.log("two")')
  await second.exited
  expect(readFileSync(`${second.logFile}.1`, 'utf8')).toBe('one\n')
  expect(readFileSync(second.logFile, 'utf8')).toBe('two\n')
})

test('a missing program is named', async () => {
  const missing = startProcess({
    name: 'ghost',
    command: '/nowhere/at/all',
    args: [],
    env: {},
    cwd: dir,
    logFile: join(dir, 'ghost.log'),
  })
  await expect(missing).rejects.toThrow('ghost could not be started (/nowhere/at/all)')
})

test('when this process is killed, the processes it started end too', async () => {
  const script = `
    import { startProcess } from ${JSON.stringify(join(import.meta.dirname, 'managed-process.ts'))}
    const started = await startProcess({
      name: 'orphan', command: process.execPath, args: ['-e', 'setInterval(() => {}, 1000)'],
      env: {}, cwd: '/', logFile: ${JSON.stringify(join(dir, 'orphan.log'))},
    })
    console.log(started.pid)
    setInterval(() => {}, 1000)`
  const parent = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const pid = await new Promise<number>((resolve) => parent.stdout.once('data', (chunk) => resolve(Number(chunk))))
  expect(isAlive(pid)).toBe(true)
  parent.kill('SIGKILL')
  await until(() => !isAlive(pid))
})
