import { inNumber } from '#lib/kernel/model/in-number.ts'
import { isChangedInGit } from '#lib/kernel/model/spaces/space-object.ts'
import type { SpaceListRow } from './space-list-data.ts'

type Declared = Pick<SpaceListRow, 'declaredNamespace' | 'standing'>

/** What a platform admin's action means for spaces managed in Git. For others' spaces, every action works here. */
const words = {
  end: {
    one: 'Its end changes here, and stays that way until its object changes.',
    many: 'Their ends change here, and stay that way until their objects change.',
  },
  offer: {
    one: 'Once the new owner accepts, its object no longer changes anything.',
    many: 'Once the new owner accepts, their objects no longer change anything.',
  },
  remove: {
    one: 'It is deleted anyway, and recreated if its object changes: delete that in Git too.',
    many: 'They are deleted anyway, and recreated if their objects change: delete those in Git too.',
  },
} as const

/** How to do it for one’s own: the object sets when the space ends, and can’t be handed over. */
const first = {
  end: { one: 'change it there', many: 'change them there' },
  offer: { one: 'take it back under its Settings first', many: 'take them back under their Settings first' },
} as const

/**
 * @param act of a platform admin, on several spaces
 * @returns a warning about those managed in Git; empty: none
 */
export function gitInWords(act: keyof typeof words, spaces: readonly Declared[]): string[] {
  const declared = spaces.filter(({ declaredNamespace }) => declaredNamespace !== null)
  const kept = act === 'remove' ? [] : declared.filter((space) => isChangedInGit(space, 'admin'))
  const acted = declared.length - kept.length
  const are = (count: number) => (count === 1 ? 'is' : 'are')
  return [
    act !== 'remove' &&
      kept.length > 0 &&
      `${inNumber(kept.length, 'space')} of your own ${are(kept.length)} managed in Git and will be skipped: ${first[act][kept.length === 1 ? 'one' : 'many']}.`,
    acted > 0 &&
      `${inNumber(acted, 'space')} ${are(acted)} managed in Git. ${words[act][acted === 1 ? 'one' : 'many']}`,
  ].filter((sentence) => sentence !== false)
}
