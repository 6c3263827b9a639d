import { z } from 'zod'

const strings = z.record(z.string(), z.string())

/** An object without its spec and status, as the API server returns it when only metadata is requested. */
export const objectMetadataSchema = z.object({
  metadata: z.object({
    name: z.string().default(''),
    namespace: z.string().optional(),
    uid: z.string().default(''),
    resourceVersion: z.string(),
    labels: strings.default({}),
    annotations: strings.default({}),
    deletionTimestamp: z.string().optional(),
    managedFields: z
      .array(
        z.object({
          manager: z.string().default(''),
          operation: z.string().default(''),
          subresource: z.string().default(''),
          time: z.string().default(''),
          fieldsV1: z.unknown().optional(),
        }),
      )
      .default([]),
  }),
})

export type ObjectMetadata = z.infer<typeof objectMetadataSchema>

/** @returns the Accept header that leaves spec and status out (KEP-2334: metadata-only requests) */
export const metadataAccept = (as: 'PartialObjectMetadata' | 'PartialObjectMetadataList') =>
  `application/json;as=${as};g=meta.k8s.io;v=v1`
