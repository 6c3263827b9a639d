'use server'

import { revalidatePath } from 'next/cache'
import { ids } from '#app/form-fields.ts'
import { maxRevoked } from '#lib/features/credentials/model/max-revoked.ts'
import { revokeCredentials, revokeCredentialsInput } from '#lib/features/credentials/use-cases/revoke-credentials.ts'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import { brokerAction } from '#lib/web/action/broker-action.ts'
import { formOf } from '#lib/web/action/form-of.ts'
import { dayCount } from './read-credential-query.ts'

/** Revokes the selected credentials, of anyone, or all that match a filter. */
export const revokeCredentialsAction = brokerAction({
  name: 'revoke-credentials',
  input: formOf(revokeCredentialsInput, {
    ids: ids.optional(),
    olderThan: dayCount.optional(),
    unusedFor: dayCount.optional(),
    endsWithin: dayCount.optional(),
  }),
  useCase: revokeCredentials,
  after: (count) => {
    revalidatePath('/admin', 'layout')
    const more = count >= maxRevoked ? ' This is the limit per revocation. Check whether more credentials match.' : ''
    return { message: `${inNumber(count, 'credential')} revoked.${more}` }
  },
})
