import type { CredentialMarks } from '#lib/kernel/model/people/credential-view.ts'
import type { PersonFacts } from '#lib/kernel/model/people/person-view.ts'

/** What a story of the trail is about: a person by handle, a space or a credential by id. */
export type StoryKind = 'people' | 'spaces' | 'credentials'

type Known = { handle: string; name: string }

export type SpaceStory = {
  id: string
  name: string
  namespace: string
  cluster: string
  owner: Known
  status: string
  createdAt: Date
  /** Its last day; null: none. */
  endsAt: Date | null
  deletedAt: Date | null
  /** With kubectl, by anybody; null: never. */
  lastUsedAt: Date | null
}

export type CredentialStory = CredentialMarks & {
  id: string
  owner: Known
  /** Null: all of the person's spaces. */
  space: { id: string; name: string } | null
  createdAt: Date
  endsAt: Date
  revokedAt: Date | null
  revokedBy: Known | null
  lastUsedAt: Date | null
  lastUsedAddress: string | null
  lastUsedClient: string | null
}

/** The facts at the top of a story. */
export type StoryHead =
  | { of: 'people'; person: PersonFacts }
  | { of: 'spaces'; space: SpaceStory }
  | { of: 'credentials'; credential: CredentialStory }
