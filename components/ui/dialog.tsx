'use client'

import { createContext, type ReactNode, useContext, useEffect, useId, useRef, useState } from 'react'
import { Button } from './button.tsx'
import type { ButtonSize, ButtonVariant } from './button-class.ts'
import { Icon, type IconName } from './icon.tsx'

const DialogClose = createContext<(() => void) | null>(null)

/** @returns a function that closes the enclosing dialog, or null outside one */
export const useDialogClose = () => useContext(DialogClose)

type Props = { open: boolean; onClose: () => void; title: ReactNode; children: ReactNode }

/** A modal dialog by the browser's own element: it keeps the focus inside, closes on Escape and gives the focus back. */
function Dialog({ open, onClose, title, children }: Props) {
  const element = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  useEffect(() => {
    if (open) element.current?.showModal()
    else element.current?.close()
  }, [open])
  return (
    <dialog
      ref={element}
      aria-labelledby={titleId}
      onClose={onClose}
      // Clicking the backdrop closes. On mousedown, so that a text selection that ends outside doesn't; the scrollbar
      // is not the backdrop.
      onMouseDown={({ target, clientX }) => {
        if (target === element.current && clientX < element.current.clientWidth) onClose()
      }}
      className="m-0 h-dvh max-h-none w-full max-w-none overflow-y-auto overscroll-contain bg-transparent p-4 text-left text-ink open:flex"
    >
      {open && (
        <div className="relative m-auto w-full max-w-136 rounded-lg border bg-raised p-5 shadow-lg">
          <div className="wrap-anywhere mb-4 pr-8">
            <h2 id={titleId} className="font-semibold text-lg">
              {title}
            </h2>
          </div>
          <DialogClose value={onClose}>{children}</DialogClose>
          {/* Last, so that the focus goes to the first input, or else to Cancel. */}
          <button
            type="button"
            aria-label="Close"
            onClick={onClose}
            className="absolute top-4 right-4 grid size-8 place-items-center rounded-md text-muted hover:bg-sunken"
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
  title: ReactNode
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
      >
        {label}
      </Button>
      <Dialog open={open} onClose={() => setOpen(false)} title={title}>
        {children}
      </Dialog>
    </>
  )
}

/** The buttons at the end of a dialog: Cancel and the action. */
export function DialogActions({ children }: { children: ReactNode }) {
  const close = useDialogClose()
  return (
    <div className="mt-5 flex flex-wrap justify-end gap-2">
      {close && <Button onClick={close}>Cancel</Button>}
      {children}
    </div>
  )
}
