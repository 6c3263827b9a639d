import type { NotificationMessage } from '#lib/features/inbox/model/notification-message.ts'

const name = 'spaceport:told'

/** Tells the page of a message of the person’s stream. */
export const sayTold = (told: NotificationMessage): boolean => window.dispatchEvent(new CustomEvent<NotificationMessage>(name, { detail: told }))

/** Calls back with each message of the person’s stream. @returns how to stop */
export function onNotification(hear: (told: NotificationMessage) => void): () => void {
  const listener = (event: Event) => hear((event as CustomEvent<NotificationMessage>).detail)
  window.addEventListener(name, listener)
  return () => window.removeEventListener(name, listener)
}
