import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, inject, test } from 'vitest'
import { ownDatabase } from '#dev/testing/database/own-database.ts'
import { createPool } from '#lib/kernel/db/pool.ts'

const run = promisify(execFile)
const kubectl = async (kubeconfig: string, ...args: string[]) =>
  (await run(inject('binaries').kubectl, ['--kubeconfig', kubeconfig, ...args])).stdout.trim()

test.each(['web', 'worker', 'gateway'] as const)('%s works as its own role, which owns no table', async (process) => {
  const pool = createPool((await ownDatabase()).databaseUrls[process], { process, max: 1, applicationName: 'test' })
  try {
    const { rows } = await pool.query(
      `SELECT current_user AS name, (SELECT count(*)::int FROM pg_tables WHERE tableowner = current_user AND schemaname = 'public') AS owned`,
    )
    expect(rows).toEqual([{ name: `spaceport_${process}`, owned: 0 }])
  } finally {
    await pool.end()
  }
})

test('the API server has a ready node and knows its callers', async () => {
  expect(await kubectl(inject('kubeAdmin'), 'get', 'nodes', '-o', 'name')).toMatch(/^node\//)
  expect(
    await kubectl(inject('kubeBroker'), 'auth', 'can-i', 'get', 'secrets', '--all-namespaces').catch(() => 'no'),
  ).toBe('no')
  expect(await kubectl(inject('kubeGateway'), 'auth', 'can-i', 'create', 'namespaces').catch(() => 'no')).toBe('no')
})
