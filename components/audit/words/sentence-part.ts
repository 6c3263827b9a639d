import type { SpaceAddress } from '#components/spaces/space-path.ts'

/** A part of a sentence: text, or a named thing, which may have a page. */
export type SentencePart =
  | string
  /** `handle` is null for who isn't a person of the portal. */
  | { is: 'person'; name: string; handle: string | null }
  /** `id` is null where only a name is known. */
  | { is: 'space'; name: string; id: string | null }
  | { is: 'credential'; text: string; id: string }
  /**
   * Something that runs in a space, `of` as addresses name it: `Deployment/web`. `space` is null where the reader may not
   * see what is inside.
   */
  | { is: 'workload'; text: string; of: string; space: SpaceAddress | null }
  /** A name as a machine has it: of an object, a group, a path. */
  | { is: 'name'; text: string }

export const named = (text: string): SentencePart => ({ is: 'name', text })
