'use client'

import { createContext, type ReactNode, useContext, useEffect, useId, useMemo, useRef, useState } from 'react'
import { Button } from './button.tsx'
import type { ButtonSize, ButtonVariant } from './button-class.ts'
import { classNames } from './class-names.ts'
import { Icon, type IconName } from './icon.tsx'

/** The dialog, as seen by a form in it. */
type Surroundings = {
  close: () => void
  isOpen: () => boolean
  /** Keeps the content, including typed text, while closed: its response is pending, or its error wasn't seen yet. */
  keep: (why: 'answer' | 'error' | null) => void
  open: () => void
  title: string
}

const DialogSurroundings = createContext<Surroundings | null>(null)

export const useDialog = () => useContext(DialogSurroundings)

type Props = {
  open: boolean
  onChange: (open: boolean) => void
  title: string
  /**
   * Without a visible title: the content reaches the edges, and the dialog keeps its position when its height changes.
   */
  bare?: boolean
  wide?: boolean
  /** Only its own button closes it: its content uses Escape, or would be lost. */
  stays?: boolean
  children: ReactNode
}

/**
 * A modal dialog with the browser's own element: it traps the focus, closes on Escape and restores the focus. If it is
 * closed while its form waits for a response, a toast shows the result.
 */
export function Dialog({ open, onChange, title, bare = false, wide = false, stays = false, children }: Props) {
  const element = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  const [kept, setKept] = useState<'answer' | 'error' | null>(null)
  const latest = useRef({ open, onChange })
  latest.current = { open, onChange }
  const surroundings = useMemo<Surroundings>(
    () => ({
      close: () => latest.current.onChange(false),
      isOpen: () => latest.current.open,
      keep: setKept,
      open: () => latest.current.onChange(true),
      title,
    }),
    [title],
  )
  useEffect(() => {
    const dialog = element.current
    if (open && !dialog?.open) {
      dialog?.showModal()
      dialog?.querySelector<HTMLElement>('[role="alert"]')?.focus()
      setKept((why) => (why === 'error' ? null : why))
    }
    if (!open && dialog?.open) dialog.close()
  }, [open])
  return (
    <dialog
      ref={element}
      aria-labelledby={titleId}
      // Escape: at once, since `close` fires a task later, after the next key may have been pressed.
      onCancel={({ target }) => {
        if (target === element.current) onChange(false)
      }}
      onClose={() => {
        if (open && !element.current?.open) onChange(false)
      }}
      closedby={stays ? 'none' : undefined}
      // Clicking the backdrop closes. On mousedown, so that a text selection that ends outside doesn't; the scrollbar
      // is not the backdrop.
      onMouseDown={({ target, clientX }) => {
        if (!stays && target === element.current && clientX < element.current.clientWidth) onChange(false)
      }}
      className="m-0 h-dvh max-h-none w-full max-w-none overflow-y-auto overscroll-contain bg-transparent p-4 text-left text-ink open:flex"
    >
      {(open || kept !== null) && (
        <div
          className={classNames(
            'relative m-auto w-full rounded-lg border bg-raised shadow-lg',
            wide ? 'max-w-6xl' : 'max-w-136',
            bare ? 'mt-0 sm:mt-[10vh]' : 'p-5',
          )}
        >
          <div className={bare ? 'sr-only' : 'wrap-anywhere mb-4 pr-8'}>
            <h2 id={titleId}>{title}</h2>
          </div>
          <DialogSurroundings value={surroundings}>{children}</DialogSurroundings>
          {/* Last, so that the focus goes to the first input, or else to Cancel. */}
          <button
            type="button"
            aria-label="Close"
            onClick={() => onChange(false)}
            className={classNames(
              'absolute grid size-8 place-items-center rounded-md text-muted hover:bg-sunken',
              bare ? 'top-2 right-2' : 'top-4 right-4',
            )}
          >
            <Icon name="x" />
          </button>
        </div>
      )}
    </dialog>
  )
}
type DialogButtonProps = {
  label: string
  /** Longer than the label, to distinguish rows: "Remove bob". */
  accessibleLabel?: string
  title: string
  variant?: ButtonVariant
  size?: ButtonSize
  icon?: IconName
  children: ReactNode
}

/** A button that opens a dialog. A form inside closes it when it succeeds. */
export function DialogButton(props: DialogButtonProps) {
  const { label, accessibleLabel, title, variant, size, icon, children } = props
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button
        {...(variant && { variant })}
        {...(size && { size })}
        {...(icon && { icon })}
        aria-haspopup="dialog"
        aria-label={accessibleLabel}
        onClick={() => setOpen(true)}
        className="noscript:pointer-events-none noscript:opacity-50"
      >
        {label}
      </Button>
      <Dialog open={open} onChange={setOpen} title={title}>
        {children}
      </Dialog>
    </>
  )
}

export function DialogActions({ children }: { children: ReactNode }) {
  const dialog = useDialog()
  return (
    <div className="mt-5 flex flex-wrap justify-end gap-2">
      {dialog && <Button onClick={dialog.close}>Cancel</Button>}
      {children}
    </div>
  )
}
