/** The README people see when they open the branch on a forge. Part of the branch's first commits: changing it changes their names. */
export const branchReadme = `# Provenance

This branch is written by git-prov (on npm under that name). It holds, for the commits of this
repository, the environment, the data and the reasons they were made with. It shares no history with the code and is
not meant to be merged into it. Files here are added and never changed; one goes only when an archive or
redaction record names it.

| where | what |
| --- | --- |
| \`records/<kind>/<yyyy-mm-dd>/<2 hex>/<id>.json\` | one record each |
| \`environments/<2 hex>/<digest>.json\` | an environment, shared by the records that name it |
| \`manifests/<2 hex>/<digest>.txt\` | the files of a dataset, as \`sha256sum\` prints them |
| \`archives/<2 hex>/<digest>.txt\` | older files folded into one: a list of lengths and paths, then their bytes |
| \`schemas/<kind>.v<n>.schema.json\` | what the fields mean (JSON Schema 2020-12) |

The name of a file is the SHA-256 of its content, so it can be checked without any tool of ours:

    git show prov:<path> | sha256sum

A dataset's manifest is what this prints, and its digest is the SHA-256 of that:

    cd FOLDER && find -L . -type f -printf '%P\\0' | LC_ALL=C sort -z | xargs -0 -r sha256sum --

To read it beside the history: \`git prov log\`. To check all of it: \`git prov verify\`.
`
