import { CopyButton } from './copy-button.tsx'

/** A command or text with a copy button. `label` names the button if the text doesn't explain itself. */
export function CodeBlock({ code, label = `Copy ${code}` }: { code: string; label?: string }) {
  return (
    <div className="flex items-center gap-1 rounded-md border bg-sunken py-0.5 pr-0.5 pl-3">
      {/*
       * biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable content must be reachable by keyboard (WCAG 2.1.1)
       */}
      <pre tabIndex={0} className="code-line">
        <code>{code}</code>
      </pre>
      <CopyButton text={code} label={label} />
    </div>
  )
}
