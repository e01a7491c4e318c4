/** git-clone(1), GIT URLS: the forms that run no command of their own. */
export function isAddress(text: string): boolean {
  return (
    /^(https?|ssh|git|file):\/\/[^\s-][^\s]*$/.test(text) ||
    /^[\w.-]+@[\w.-]+:[^\s]+$/.test(text) ||
    /^\/[^\s]*$/.test(text)
  )
}
