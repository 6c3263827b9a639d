import { CopyButton } from './copy-button.tsx'

/** An identifier in a line of text, with a copy button. `what` names it: "the namespace". */
export const Copyable = ({ text, what }: { text: string; what: string }) => (
  <span className="inline-flex max-w-full items-center">
    <span className="wrap-anywhere min-w-0 font-mono">{text}</span>
    <span className="-my-1.5 -mr-2">
      <CopyButton text={text} label={`Copy ${what}`} />
    </span>
  </span>
)
