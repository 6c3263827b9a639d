import { createHash } from 'node:crypto'
import { z } from 'zod'
import { canonicalJson } from '#lib/kernel/model/canonical-json.ts'
import type { ImageChange, TemplateChange } from './revision.ts'

/** Added to the template of each ReplicaSet by the Deployment’s controller. */
const hashLabel = 'pod-template-hash'

const containers = z.array(z.looseObject({ name: z.string(), image: z.string().default('') })).nullish()
const texts = z.record(z.string(), z.string()).nullish()

/** The part of a pod template that people write, with fields unknown here. */
export const podTemplate = z.looseObject({
  metadata: z.looseObject({ labels: texts, annotations: texts }).nullish(),
  spec: z.looseObject({ containers, initContainers: containers }),
})
export type PodTemplate = z.infer<typeof podTemplate>

/** As digests and comparisons see it: whatever else metadata has is written by the API server. */
const comparable = ({ metadata, spec }: PodTemplate) => {
  const { [hashLabel]: _, ...labels } = metadata?.labels ?? {}
  return { labels, annotations: metadata?.annotations ?? {}, spec }
}

/** @returns a digest that two templates share only if their pods are the same */
export const digestOf = (template: PodTemplate): string =>
  createHash('sha256')
    .update(canonicalJson(z.json().parse(JSON.parse(JSON.stringify(comparable(template))))))
    .digest('hex')

/** @returns a template without the label that distinguishes ReplicaSets */
export function withoutHash(template: PodTemplate): PodTemplate {
  if (!template.metadata?.labels) return template
  const { [hashLabel]: _, ...labels } = template.metadata.labels
  return { ...template, metadata: { ...template.metadata, labels } }
}

const imagesByContainer = ({ spec }: PodTemplate) =>
  new Map([...(spec.containers ?? []), ...(spec.initContainers ?? [])].map(({ name, image }) => [name, image]))

/** @returns each image once, those of init containers last */
export const imagesOf = (template: PodTemplate): string[] => [...new Set(imagesByContainer(template).values())]

/** @returns what differs between two templates */
export function changeBetween(from: PodTemplate, to: PodTemplate): TemplateChange {
  const [before, after] = [imagesByContainer(from), imagesByContainer(to)]
  const images = [...new Set([...before.keys(), ...after.keys()])]
    .map(
      (container): ImageChange => ({
        container,
        from: before.get(container) ?? null,
        to: after.get(container) ?? null,
      }),
    )
    .filter((one) => one.from !== one.to)
  return { images, other: digestOf(withoutImages(from)) !== digestOf(withoutImages(to)) }
}

const withoutImages = ({ spec, ...rest }: PodTemplate): PodTemplate => ({
  ...rest,
  spec: {
    ...spec,
    containers: spec.containers?.map((one) => ({ ...one, image: '' })),
    initContainers: spec.initContainers?.map((one) => ({ ...one, image: '' })),
  },
})
