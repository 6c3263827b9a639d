#!/usr/bin/env node
/**
 * The entry point of every npm script: makes sure that the locked packages are installed and the Prisma client is
 * generated, then runs the target on the Node 24 that the packages bring. For development: production's processes are
 * started by bin/spaceport, which installs nothing.
 *
 *   node dev/run.mjs dev/start.ts --dev        a file of this project
 *   node dev/run.mjs vitest run                a program in node_modules/.bin
 *
 * Plain JavaScript without dependencies, because it runs on whatever Node the machine has and before any install.
 */
import { spawn } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { delimiter, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findNode } from '#dev/runner/find-node.mjs'
import { generatePrismaClient } from '#dev/runner/generate-prisma-client.mjs'
import { installPackages } from '#dev/runner/install-packages.mjs'
import { findUsage } from '#dev/runner/usage.mjs'
import { watchStarter } from '#dev/runner/watch-starter.mjs'
import { withLock } from '#dev/runner/with-lock.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const [target, ...args] = process.argv.slice(2)

const fail = (message) => {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}

const usage = findUsage(target, args)
if (usage !== undefined) {
  console.log(usage)
  process.exit()
}

const major = Number(process.versions.node.split('.')[0])
if (major < 20) {
  fail(`Spaceport needs Node 20 or newer to set itself up; this is ${process.version}. See https://nodejs.org.`)
}
if (target === undefined) fail('Usage: node dev/run.mjs <file or program> [arguments]')

try {
  await withLock(join(root, '.spaceport', 'setup.lock'), async () => {
    await installPackages(root)
    await generatePrismaClient(root)
  })
} catch (error) {
  fail(error instanceof Error ? error.message : String(error))
}

const node = findNode(root)
if (node === undefined) {
  fail(
    process.platform === 'linux'
      ? `No Node 24 is locked for this platform (${process.arch}), or it could not be downloaded: see npm ci.`
      : `Spaceport needs Node 24 or newer here; this is ${process.version}. See https://nodejs.org.`,
  )
}

const isFile = /[/\\]|\.(ts|m?js)$/.test(target)
const file = isFile ? resolve(root, target) : join(root, 'node_modules', '.bin', target)
if (!existsSync(file)) fail(`There is no ${isFile ? target : `program "${target}" in node_modules`}.`)

const child = spawn(node, [isFile ? file : realpathSync(file), ...args], {
  cwd: root,
  stdio: 'inherit',
  env: {
    ...process.env,
    PATH: [join(root, 'node_modules', '.bin'), dirname(node), process.env.PATH ?? ''].join(delimiter),
    // Compiled and type-stripped code is kept: quicker starts, and no compiler in memory.
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(root, 'node_modules', '.cache', 'spaceport', 'compile'),
    // Lets a long-running target notice that it is orphaned when this process is killed outright.
    SPACEPORT_RUNNER_PID: String(process.pid),
  },
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
watchStarter(() => child.kill('SIGTERM'))
child.on('error', (error) => fail(`Cannot run ${target}: ${error.message}`))
child.on('exit', (code, signal) => {
  if (signal === null) process.exit(code ?? 1)
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
})
