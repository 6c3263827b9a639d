import type { ConfigurationRef } from '#lib/features/spaces/model/configuration.ts'
import { type SpaceAddress, spacePath } from './space-path.ts'

/** @returns the path of an object’s page, below *Configuration* */
export const objectPath = (address: SpaceAddress, { kind, name }: ConfigurationRef): string =>
  spacePath(address, 'configuration/object', { kind, name })
