/** Where a server keeps what its clients log. */
export interface MlflowServerOptions {
  /** The file that every change is appended to. */
  journal: string
  /** The folder that clients write artifacts to, absolute. Made when they do. */
  artifactRoot: string
  /** Folders below it that count as there already. */
  taken?: ReadonlySet<string>
  /** 0, any free one, where not given. */
  port?: number
}
