/** The key that signs the trail's checkpoints, in a thief's hands. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ownerSql } from '#dev/testing/database/owner-sql.ts'
import { openTrailScene, type TrailScene } from '#dev/testing/fixtures/trail-scene.ts'
import { ownFolder } from '#dev/testing/own-folder.ts'
import { stolenIdentities } from './identities.ts'

let scene: TrailScene
beforeAll(async () => {
  scene = await openTrailScene()
})
afterAll(() => scene?.close())

describe(stolenIdentities.checkpointKey.name, () => {
  test('changes nothing with the login of a process', async () => {
    const copy = await scene.copy()
    try {
      for (const login of [copy.urls.web, copy.urls.worker, copy.urls.gateway])
        for (const statement of [
          'UPDATE audit_block SET hash = hash',
          'DELETE FROM audit_checkpoint',
          'DELETE FROM audit_key',
        ])
          await expect(ownerSql(login, statement)).rejects.toThrow(/permission denied/)
    } finally {
      await copy.close()
    }
  })

  test('with the owner’s login, signs a recomputed trail; checkpoints that were kept elsewhere contradict it', async () => {
    const copy = await scene.copy()
    try {
      await copy.unguarded(
        `UPDATE audit_event SET action = 'space.delete' WHERE target_name = 'row 5'; DELETE FROM audit_checkpoint; DELETE FROM audit_block;
         INSERT INTO audit_unsealed SELECT seq FROM audit_event; PERFORM seal_trail(100000)`,
      )
      await copy.signer(scene.key, [])()
      expect((await copy.verify()).status).toBe(0)
      const { status, out } = await copy.verify('--checkpoints', scene.keptElsewhere(ownFolder()))
      expect(out).toMatch(/checkpoint contradicted|cut off/)
      expect(status).toBe(1)
    } finally {
      await copy.close()
    }
  })
})
