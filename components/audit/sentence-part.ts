/** A piece of a sentence of the trail: text, or something that has a name and perhaps a page of its own. */
export type SentencePart =
  | string
  /** `handle` is null for who isn't a person of the portal. */
  | { is: 'person'; name: string; handle: string | null }
  /** `id` is null where only a name is known. */
  | { is: 'space'; name: string; id: string | null }
  | { is: 'credential'; text: string; id: string }
  /** A name as a machine has it: of an object, a group, a path. */
  | { is: 'name'; text: string }

/** @returns a name as a part of a sentence */
export const named = (text: string): SentencePart => ({ is: 'name', text })
