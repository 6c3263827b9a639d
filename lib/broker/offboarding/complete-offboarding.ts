import { createHash } from 'node:crypto'
import type { SystemContext } from '#lib/broker/use-case/context.ts'
import { tellPeople } from '#lib/broker/use-case/tell-people.ts'
import { writeSystemEvent } from '#lib/broker/use-case/write-system-event.ts'
import type { Tx } from '#lib/db/client.ts'
import { findAnswered, holdOffboarding, saveCertificate } from '#lib/db/complete-offboarding.ts'
import { type OffboardingPart, type PartProgress, savePart } from '#lib/db/offboarding-parts.ts'
import { renderCertificate } from '#lib/domain/render-certificate.ts'

/**
 * Notes that a cluster has answered no to everything. If it is the last one, the certificate is closed: its hash goes into
 * the trail, and who offboarded the person is told.
 */
export async function completeOffboarding(
  ctx: SystemContext,
  tx: Tx,
  part: OffboardingPart,
  progress: PartProgress & { finishedAt: Date },
): Promise<void> {
  await holdOffboarding(tx, part.offboardingId)
  if (!(await savePart(tx, part, progress))) return
  const answered = await findAnswered(tx, part.offboardingId)
  if (!answered) return
  const at = ctx.clock()
  const { id, person, personId, byId, clusters } = answered
  const text = renderCertificate(answered, at)
  const hash = createHash('sha256').update(text).digest('hex')
  await saveCertificate(tx, id, { text, hash, at })
  await writeSystemEvent(ctx, tx, {
    action: 'offboarding.complete',
    target: { kind: 'person', id: personId, name: person.handle },
    destination: 'portal',
    detail: { offboarding: id, sha256: hash, clusters: clusters.map(({ name, spaces }) => ({ name, spaces })) },
  })
  const { handle, name } = person
  await tellPeople(ctx, tx, { kind: 'offboarding-complete', person: { handle, name } }, { to: [byId] })
}
