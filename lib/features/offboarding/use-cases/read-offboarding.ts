import { z } from 'zod'
import { findOffboarding } from '#lib/kernel/db/people/find-offboarding.ts'
import { viewPlatform } from '#lib/kernel/define/view-platform.ts'
import { canonicalJson } from '#lib/kernel/model/canonical-json.ts'
import { AppError } from '#lib/kernel/model/errors.ts'

export const readOffboardingInput = z.strictObject({ id: z.uuid() })

/**
 * @returns the certificate of an offboarding as a file, with its hash; until every cluster denies all access, the
 *   progress without a hash
 * @throws AppError not_found
 */
export const readOffboarding = viewPlatform({
  permission: 'read-person',
  input: readOffboardingInput,
  read: async function readReadOffboarding({
    ctx,
    input: { id },
  }): Promise<{ handle: string; text: string; hash: string | null }> {
    const found = await findOffboarding(ctx.pool, id)
    if (!found) throw new AppError('not_found')
    const { certificate, person, with: others, hash, by, reason, at, ended, clusters } = found
    if (certificate !== null) return { handle: person.handle, text: certificate, hash }
    const open = {
      kind: 'spaceport.dev/offboarding-certificate',
      version: 1,
      id,
      complete: false,
      person,
      ...(others.length > 0 && { offboardedWith: others }),
      by,
      reason,
      offboardedAt: at.toISOString(),
      ended,
      clusters: clusters.map(({ cluster, spaces, allowed, moreAllowed, unsettled, failureCode, finishedAt }) => ({
        name: cluster,
        spaces,
        allowed,
        moreAllowed,
        unsettled,
        failure: failureCode,
        until: finishedAt?.toISOString() ?? null,
      })),
    }
    return { handle: person.handle, text: canonicalJson(open), hash: null }
  },
})
