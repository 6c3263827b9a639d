import { inNumber } from '#lib/kernel/model/in-number.ts'
import { isChangedInGit } from '#lib/kernel/model/spaces/space-object.ts'
import type { SpaceListRow } from './space-list-data.ts'

type Declared = Pick<SpaceListRow, 'declaredNamespace' | 'standing'>

/** What Git has to do with an act of a platform admin’s: of spaces that aren’t theirs, everything is possible here. */
const words = {
  end: {
    one: 'Its end changes here, and stays so until its object changes.',
    many: 'Their ends change here, and stay so until their objects change.',
  },
  offer: {
    one: 'Once the new owner accepts, its object changes nothing any more.',
    many: 'Once the new owner accepts, their objects change nothing any more.',
  },
  remove: {
    one: 'It is deleted all the same, and made anew if its object changes: delete that in Git as well.',
    many: 'They are deleted all the same, and made anew if their objects change: delete those in Git as well.',
  },
} as const

/** What makes it possible for one’s own: an object says when its space ends, and can’t hand it over. */
const first = {
  end: { one: 'change it there', many: 'change them there' },
  offer: { one: 'take it back under its Settings first', many: 'take them back under their Settings first' },
} as const

/**
 * @param act of a platform admin, on several spaces
 * @returns what they should know beforehand about those that objects on clusters declare; nothing: there are none
 */
export function gitInWords(act: keyof typeof words, spaces: readonly Declared[]): string[] {
  const declared = spaces.filter(({ declaredNamespace }) => declaredNamespace !== null)
  const kept = act === 'remove' ? [] : declared.filter((space) => isChangedInGit(space, 'admin'))
  const acted = declared.length - kept.length
  const are = (count: number) => (count === 1 ? 'is' : 'are')
  return [
    act !== 'remove' &&
      kept.length > 0 &&
      `${inNumber(kept.length, 'space')} of your own ${are(kept.length)} managed in Git, and will be left alone: ${first[act][kept.length === 1 ? 'one' : 'many']}.`,
    acted > 0 &&
      `${inNumber(acted, 'space')} ${are(acted)} managed in Git. ${words[act][acted === 1 ? 'one' : 'many']}`,
  ].filter((sentence) => sentence !== false)
}
