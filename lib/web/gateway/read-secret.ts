/**
 * Secrets, read through the gateway as the person, which authorizes and records. Must never return, log or keep a value
 * that wasn’t asked for: a list is a table without the objects, an outline has sizes only, and a value is returned once
 * the trail names its key.
 */
import 'server-only'
import { z } from 'zod'
import {
  type ConfigurationList,
  dataKey,
  readTable,
  tableAccept,
  tableQuery,
  tableSchema,
} from '#lib/features/spaces/model/configuration.ts'
import { configurationPath } from '#lib/features/spaces/model/configuration-kind.ts'
import {
  outlineSecret,
  type SecretOutline,
  type SecretValue,
  secretSchema,
  valueOfKey,
} from '#lib/features/spaces/model/secret-value.ts'
import { objectName } from '#lib/features/spaces/model/workload-view.ts'
import { locateSpace } from '#lib/features/spaces/use-cases/locate-space.ts'
import { recordSecretShown } from '#lib/features/spaces/use-cases/record-secret-shown.ts'
import { AppError, isAppError } from '#lib/kernel/model/errors.ts'
import { type SpaceKey, spaceKey } from '#lib/kernel/use-case/authorize.ts'
import type { CallerContext } from '#lib/kernel/use-case/wrap-context.ts'
import type { GatewayAsk } from './ask-gateway.ts'
import { readObject } from './change-object.ts'

/** A page waits no longer. */
const patienceMs = 15_000

const noSuchKey = 'This Secret no longer has this key. Reload the page.'

/** @throws AppError gateway_unreachable after 15 seconds; as readObject and locateSpace */
async function read<T>(
  ctx: CallerContext,
  space: SpaceKey,
  asked: (namespace: string) => Omit<GatewayAsk, 'cluster' | 'method' | 'body' | 'signal'>,
  schema: z.ZodType<T>,
): Promise<T> {
  const { cluster, namespace } = await locateSpace(ctx, space)
  const signal = AbortSignal.timeout(patienceMs)
  return readObject(ctx, { cluster, ...asked(namespace), signal }, schema).catch((error: unknown) => {
    throw signal.aborted ? new AppError('gateway_unreachable') : error
  })
}

const pathOf = (namespace: string, name: string) =>
  `${configurationPath(namespace, 'Secret')}/${encodeURIComponent(name)}`

/**
 * Lists the Secrets of a space: names, types and numbers of keys.
 * @returns at most 500, and how many there are
 * @throws AppError not_found, forbidden, change_refused if the role may not list them; as read
 */
export const listSecrets = async (ctx: CallerContext, space: SpaceKey): Promise<ConfigurationList> =>
  readTable(
    await read(
      ctx,
      space,
      (namespace) => ({
        path: configurationPath(namespace, 'Secret'),
        query: new URLSearchParams(tableQuery),
        accept: tableAccept,
      }),
      tableSchema,
    ),
  )

/**
 * Reads one Secret and drops its values.
 * @returns null if there is none
 * @throws AppError not_found, forbidden, change_refused if the role may not read it; as read
 */
export const readSecret = (ctx: CallerContext, space: SpaceKey, name: string): Promise<SecretOutline | null> =>
  read(ctx, space, (namespace) => ({ path: pathOf(namespace, name) }), secretSchema.transform(outlineSecret)).catch(
    (error: unknown) => {
      if (isAppError(error, 'object_gone')) return null
      throw error
    },
  )

export const showSecretInput = z.strictObject({ space: spaceKey, name: objectName, key: dataKey })

/**
 * Reads the value of one key, and records who is shown it before it returns.
 * @throws AppError object_gone, forbidden, not_found, change_refused if the role may not read it, trail_unavailable; as
 *   read
 */
export async function showSecretValue(
  ctx: CallerContext,
  { space, name, key }: z.infer<typeof showSecretInput>,
): Promise<SecretValue> {
  const schema = secretSchema.transform((secret) => ({ value: valueOfKey(secret, key) }))
  const { value } = await read(ctx, space, (namespace) => ({ path: pathOf(namespace, name) }), schema)
  if (value === null) throw new AppError('object_gone', { sentence: noSuchKey })
  await recordSecretShown(ctx, { space, secret: name, key })
  return value
}
