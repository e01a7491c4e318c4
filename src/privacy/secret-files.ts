// What tools write keys and passwords into, by name; examples of such files hold none.
const names =
  /^(\.env(\..+)?|\.?_?netrc|\.pgpass|\.my\.cnf|\.pypirc|\.htpasswd|\.git-credentials|kaggle\.json|credentials(\.(json|csv|ini))?|client_secrets?.*\.json|service[-_]account.*\.json|id_(rsa|dsa|ecdsa|ed25519)(_sk)?|.+\.(pem|key|ppk|p12|pfx|jks|keystore|kdbx))$/i
const example = /(example|sample|template|dist|default)s?$/i

/** Whether a file is one that holds secrets by its name alone, whatever they look like. Path from the top, `/` between. */
export function isSecretFile(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return names.test(name) && !example.test(name)
}
