import type { z } from 'zod'
import { metadataAccept, type ObjectMetadata, objectMetadataSchema } from './object-metadata.ts'

export type Versioned = { metadata: { resourceVersion: string } }

/** What to read of each object of a collection: how to ask for it, and its schema. */
export type WatchedPart<T extends Versioned> = { accept: (of: 'one' | 'list') => string; schema: z.ZodType<T> }

/** Without spec and status, which the API server then leaves out. */
export const metadataOnly: WatchedPart<ObjectMetadata> = {
  accept: (of) => metadataAccept(of === 'list' ? 'PartialObjectMetadataList' : 'PartialObjectMetadata'),
  schema: objectMetadataSchema,
}

/** Of whole objects, what a schema keeps. */
export const partOf = <T extends Versioned>(schema: z.ZodType<T>): WatchedPart<T> => ({
  accept: () => 'application/json',
  schema,
})
