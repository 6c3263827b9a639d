import { CopyButton } from './copy-button.tsx'

type Props = {
  code: string
  /** Names the button if the text doesn't explain itself. */
  label?: string
  /** Wraps a line that is longer than the box; otherwise the box scrolls. */
  wraps?: boolean
}

/** A command or text with a copy button. */
export function CodeBlock({ code, label = `Copy ${code}`, wraps = false }: Props) {
  return (
    <div className="flex items-center gap-1 rounded-md border bg-sunken py-0.5 pr-0.5 pl-3">
      {/*
       * biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable content must be reachable by keyboard (WCAG 2.1.1)
       */}
      <pre tabIndex={0} className={wraps ? 'code-line whitespace-pre-wrap wrap-anywhere' : 'code-line'}>
        <code>{code}</code>
      </pre>
      <CopyButton text={code} label={label} />
    </div>
  )
}
