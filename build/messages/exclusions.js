/**
 * Texts with words in them that nobody is shown, each with its reason. `test/messages.test.ts` fails on one that leaves
 * nothing out any more.
 * @type {{ file?: RegExp, text: RegExp, reason: string }[]}
 */
export const exclusions = [
  {
    file: /(fast-import|gradual-commit|rewrite-history|refs|snapshot)\.ts$/,
    text: /^(<text>)?(data|commit|author|committer|reset|from|get-mark|update|delete|M 100644 inline) <|^(commit|reset) refs\//,
    reason: 'commands of git fast-import and update-ref',
  },
  { text: /^(tree|author|committer) <\w+>$/, reason: 'headers of a commit object' },
  { text: /^(<\w+>|git-prov) <git-prov@localhost>|^<\w+> <<\w+>> /, reason: 'names of authors, as git has them' },
  { text: /^SELECT |^r\.run_uuid, /, reason: 'SQL' },
  { file: /redact-rules\.ts$/, text: /./, reason: 'patterns of secrets and the words that hint at them' },
  { text: /^git-prov (archive|index|stat cache) \d+$/, reason: 'first line of a file of ours' },
  { text: /^DSSEv1 /, reason: 'what a DSSE signature is made over' },
  { text: /^<!-- git-prov <version> -->$|^"\$comment": /, reason: 'the version a file of the branch was written with' },
  { text: /^\[DATALAD RUNCMD\]$/, reason: "the mark of DataLad's commits" },
  { text: /^define NODE_/, reason: "a line of Node's own header file" },
  { file: /slug\.ts$/, text: /^for because so since/, reason: 'words a slug is made without' },
  {
    file: /man-page\.js$/,
    text: /^\.[A-Z]|SOURCE_DATE|commands } from|^\$?Mdocdate/,
    reason: 'macros of mdoc, and imports',
  },
  {
    file: /completion\.ts$/,
    text: /^(_git-prov\(\) \{|local |if \(\(|_describe |shift words|case |<name>\) _arg|-n '__fish|complete -c|git prov completion bash)/,
    reason: 'code of completions that is put together line by line',
  },
  {
    text: /^(command -v git-prov|git-prov (hook <name>|check --staged)|git( -C "\$repository")? (worktree|read-tree) |packages <|\(cd <|echo <…> >&2)/,
    reason: 'code of hooks and replay scripts that is put together line by line',
  },
]
