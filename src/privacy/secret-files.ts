// Names of files in which tools store keys and passwords; example files hold none.
const names =
  /^(\.env(\..+)?|\.?_?netrc|\.pgpass|\.my\.cnf|\.pypirc|\.htpasswd|\.git-credentials|kaggle\.json|credentials(\.(json|csv|ini))?|client_secrets?.*\.json|service[-_]account.*\.json|id_(rsa|dsa|ecdsa|ed25519)(_sk)?|.+\.(pem|key|ppk|p12|pfx|jks|keystore|kdbx))$/i
const example = /(example|sample|template|dist|default)s?$/i

/** Whether a file's name alone says it holds secrets. The path is relative to the top, separated by `/`. */
export function isSecretFile(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return names.test(name) && !example.test(name)
}
