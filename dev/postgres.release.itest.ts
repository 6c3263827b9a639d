import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, expect, test } from 'vitest'
import { freePorts } from '#dev/ports/free-ports.ts'
import { startPostgres } from './postgres.ts'
import { prepareDatabase } from './prepare-database.ts'

const dir = mkdtempSync(join(tmpdir(), 'spaceport-postgres-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const start = async () => {
  const { postgres: port } = await freePorts('postgres')
  return await startPostgres({ dir, port, fsync: false, report: () => {}, onExit: () => {} })
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

// mkdtemp creates folders that only their owner may enter, like root's /root.
test.each(['700', '755'])('it runs in a folder of mode %s, and its data survives a restart', async (mode) => {
  chmodSync(dir, Number.parseInt(mode, 8))
  const first = await start()
  await prepareDatabase(first)
  await query(first.ownerUrl, 'CREATE TABLE IF NOT EXISTS kept AS SELECT 42 AS answer')
  await first.stop()

  const second = await start()
  try {
    expect(await prepareDatabase(second)).toEqual([])
    expect(await query(second.ownerUrl, 'SELECT * FROM kept')).toEqual([{ answer: 42 }])
  } finally {
    await second.stop()
  }
})

test('the owner of a database of one’s own, the only login, may work as each process', async () => {
  const { ownerUrl, stop } = await start()
  try {
    const urls = { web: ownerUrl, worker: ownerUrl, gateway: ownerUrl }
    await prepareDatabase({ ownerUrl, urls })
    expect(await prepareDatabase({ ownerUrl, urls })).toEqual([])
    for (const process of ['web', 'worker', 'gateway'])
      expect(
        await query(`${ownerUrl}?options=-c%20role%3Dspaceport_${process}`, 'SELECT current_user AS name'),
      ).toEqual([{ name: `spaceport_${process}` }])
  } finally {
    await stop()
  }
})

test.each(['web', 'worker', 'gateway'] as const)('the login of %s may work only as its role', async (process) => {
  const postgres = await start()
  try {
    await prepareDatabase(postgres)
    const url = postgres.urls[process]
    await query(url, `SET ROLE spaceport_${process}`)
    await expect(query(url, 'CREATE TABLE mine ()')).rejects.toThrow('permission denied')
    const others = ['web', 'worker', 'gateway']
      .filter((other) => other !== process)
      .map((other) => `spaceport_${other}`)
    for (const role of [...others, 'spaceport_queue_owner', 'spaceport_owner']) {
      await expect(query(url, `SET ROLE ${role}`), role).rejects.toThrow('permission denied')
    }
  } finally {
    await postgres.stop()
  }
})
