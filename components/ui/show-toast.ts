/** The event that Toaster listens for. */
export const toastEvent = 'spaceport:toast'

/** Says shortly that something was done. For what went wrong, use an Alert that stays. */
export function showToast(message: string): void {
  window.dispatchEvent(new CustomEvent<string>(toastEvent, { detail: message }))
}
