import { Icon } from '#components/ui/icon.tsx'

export type NameState =
  | { kind: 'empty' }
  | { kind: 'checking' }
  | { kind: 'free'; sentence: string }
  | { kind: 'wrong'; sentence: string }
  | { kind: 'unknown' }

/** Feedback on a name as it is typed. Problems are shown as the field's error instead. */
export function NameVerdict({ state, maxLength }: { state: NameState; maxLength: number }) {
  if (state.kind === 'checking') return <>Checking…</>
  if (state.kind === 'free') {
    return (
      <span className="inline-flex items-center gap-1.5 text-ok">
        <Icon name="check" className="size-3.5" />
        {state.sentence}
      </span>
    )
  }
  return <>Lowercase letters, digits and hyphens, up to {maxLength} characters. You can’t change it later.</>
}
