import Link from 'next/link'
import type { SentencePart } from './sentence-part.ts'
import { storyPath } from './story-path.ts'

/**
 * An action of the trail as a sentence.
 * @param linked whether people, spaces and kubeconfigs lead to their stories, which auditors and platform admins may read
 */
export function AuditSentence({ parts, linked }: { parts: readonly SentencePart[]; linked: boolean }) {
  // Sentences never change their parts once they are shown.
  // biome-ignore lint/suspicious/noArrayIndexKey: their place is all that parts have
  return parts.map((part, index) => <Part key={index} part={part} linked={linked} />)
}

function Part({ part, linked }: { part: SentencePart; linked: boolean }) {
  if (typeof part === 'string') return part
  switch (part.is) {
    case 'name':
      return <span className="wrap-anywhere font-mono text-[0.8125rem]">{part.text}</span>
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
