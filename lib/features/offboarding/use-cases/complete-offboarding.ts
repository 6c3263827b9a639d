import { createHash } from 'node:crypto'
import { type OffboardingPart, type PartProgress, savePart } from '#lib/features/offboarding/db/offboarding-parts.ts'
import { findAnswered, holdOffboarding, saveCertificate } from '#lib/features/offboarding/db/offboardings.ts'
import { renderCertificate } from '#lib/features/offboarding/model/render-certificate.ts'
import type { Tx } from '#lib/kernel/db/client.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'
import { tellPeople } from '#lib/kernel/use-case/notify-people.ts'
import { writeSystemEvent } from '#lib/kernel/use-case/write-system-event.ts'

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
