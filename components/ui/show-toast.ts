/** The event that Toaster listens for. */
export const toastEvent = 'spaceport:toast'

/** Briefly confirms that something was done. For errors, use an Alert, which stays. */
export function showToast(message: string): void {
  window.dispatchEvent(new CustomEvent<string>(toastEvent, { detail: message }))
}
