export function saveFile(name: string, text: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // Browsers read it after this task; in some, revoking now would cancel the download.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
