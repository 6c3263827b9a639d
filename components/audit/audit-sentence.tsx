import Link from 'next/link'
import { storyPath } from '#components/audit/event/story-path.ts'
import type { SentencePart } from '#components/audit/words/sentence-part.ts'
import { type SpaceAddress, spacePath } from '#components/spaces/space-path.ts'

type Links = {
  /** Whether people, spaces and kubeconfigs link to their stories, which only auditors and platform admins may read. */
  linked: boolean
  /** The space of the page. Its reader may open its workloads. */
  within?: SpaceAddress
}

export function AuditSentence({ parts, ...links }: { parts: readonly SentencePart[] } & Links) {
  // Sentences never change their parts once they are shown.
  // biome-ignore lint/suspicious/noArrayIndexKey: their place is all that parts have
  return parts.map((part, index) => <Part key={index} part={part} {...links} />)
}

function Part({ part, linked, within }: { part: SentencePart } & Links) {
  if (typeof part === 'string') return part
  switch (part.is) {
    case 'name':
      return <span className="wrap-anywhere font-mono text-[0.8125rem]">{part.text}</span>
    case 'workload': {
      const space = within ?? part.space
      return space ? (
        <Link
          href={spacePath(space, 'workload', { of: part.of })}
          prefetch={false}
          className="wrap-anywhere font-mono text-[0.8125rem] hover:underline"
        >
          {part.text}
        </Link>
      ) : (
        <span className="wrap-anywhere font-mono text-[0.8125rem]">{part.text}</span>
      )
    }
    case 'person':
      return part.handle !== null && linked ? (
        <Link
          href={storyPath('people', part.handle)}
          prefetch={false}
          title={part.handle}
          className="wrap-anywhere font-medium hover:underline"
        >
          {part.name}
        </Link>
      ) : (
        <span className="wrap-anywhere font-medium">{part.name}</span>
      )
    case 'space':
      return part.id !== null && linked ? (
        <Link
          href={storyPath('spaces', part.id)}
          prefetch={false}
          className="wrap-anywhere font-mono text-[0.8125rem] hover:underline"
        >
          {part.name}
        </Link>
      ) : (
        <span className="wrap-anywhere font-mono text-[0.8125rem]">{part.name}</span>
      )
    case 'credential':
      return linked ? (
        <Link href={storyPath('credentials', part.id)} prefetch={false} className="hover:underline">
          {part.text}
        </Link>
      ) : (
        part.text
      )
  }
}
