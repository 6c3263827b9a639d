import { z } from 'zod'
import { parseResource } from '#lib/features/access/model/requested-right.ts'

export const handle = z
  .string()
  .trim()
  .min(1, 'Enter the person’s handle.')
  .max(60)
  .regex(/^[^\0]*$/)

export const askedResource = z
  .string()
  .trim()
  .max(253)
  .refine((text) => parseResource(text) !== null, 'Enter the plural, such as pods, pods/exec or deployments.apps.')

export const askedVerb = z
  .string()
  .trim()
  .regex(/^[a-z]{1,30}$/, 'Enter one lowercase word, such as get or delete.')
