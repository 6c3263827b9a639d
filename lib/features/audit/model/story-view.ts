import type { CredentialMarks } from '#lib/kernel/model/people/credential-view.ts'

/** The subject of a story: a person by handle, or a space or credential by id. */
export type StoryKind = 'people' | 'spaces' | 'credentials'

type PersonRef = { handle: string; name: string }

export type SpaceStory = {
  id: string
  name: string
  namespace: string
  cluster: string
  owner: PersonRef
  status: string
  createdAt: Date
  /** Its last day; null: no end. */
  endsAt: Date | null
  deletedAt: Date | null
  /** With kubectl, by anyone; null: never. */
  lastUsedAt: Date | null
}

export type CredentialStory = CredentialMarks & {
  id: string
  owner: PersonRef
  /** Null: all of the person's spaces. */
  space: { id: string; name: string } | null
  createdAt: Date
  endsAt: Date
  revokedAt: Date | null
  revokedBy: PersonRef | null
  lastUsedAt: Date | null
  lastUsedAddress: string | null
  lastUsedClient: string | null
}

/** What a story shows above its events. A person’s page has its own header. */
export type StoryHead = { of: 'spaces'; space: SpaceStory } | { of: 'credentials'; credential: CredentialStory }
