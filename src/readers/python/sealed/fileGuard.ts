import type { FileNode, FileSystem, OpenStream } from './emscripten';
import type { SealLimits } from './limits';

/** Emscripten's error numbers. */
const ENOSPC = 51;
const EROFS = 69;

/**
 * Keeps the in-memory file system within limits and puts it back: what was there when the guard closed cannot be changed,
 * what was made later is taken away by `reset`.
 */
export class FileGuard {
  private closed = false;
  private readonly pristine = new Set<FileNode>();
  private readonly made = new Set<FileNode>();
  private streams: (OpenStream | null)[] = [];
  private grown = 0;

  constructor(
    private readonly fs: FileSystem,
    private readonly limits: SealLimits,
  ) {}

  close(): void {
    this.collect(this.fs.root);
    this.streams = [...this.fs.streams];
    this.watchNodes();
    this.watchWrites();
    this.closed = true;
  }

  /** Runs `work` of the host's own on the file system, without limits. */
  exempt<T>(work: () => T): T {
    this.closed = false;
    try {
      return work();
    } finally {
      this.closed = true;
    }
  }

  reset(): void {
    const { fs } = this;
    fs.streams.forEach((stream, fd) => {
      if (stream && stream !== this.streams[fd]) fs.streams[fd] = null;
    });
    this.streams.forEach((stream, fd) => {
      fs.streams[fd] = stream;
      if (stream) stream.fd = fd; // Closing a stream takes its number away.
    });
    for (const node of this.made) {
      const siblings = node.parent.contents;
      if (siblings && !(siblings instanceof Uint8Array) && siblings[node.name] === node) {
        Reflect.deleteProperty(siblings, node.name);
      }
      fs.destroyNode(node);
    }
    this.made.clear();
    this.grown = 0;
    fs.chdir('/home');
  }

  private collect(node: FileNode): void {
    if (this.pristine.has(node)) return;
    this.pristine.add(node);
    if (node.contents && !(node.contents instanceof Uint8Array))
      Object.values(node.contents).forEach((n) => this.collect(n));
  }

  private fail(errno: number): never {
    throw new this.fs.ErrnoError(errno);
  }

  private protect(node: FileNode | undefined): void {
    if (this.closed && node && this.pristine.has(node)) this.fail(EROFS);
  }

  /** Accounts for a file that is to hold `size` bytes. */
  private grow(node: FileNode, size: number): void {
    if (!this.closed) return;
    const growth = Math.max(0, size - (node.usedBytes ?? 0));
    if (this.grown + growth > this.limits.files) this.fail(ENOSPC);
    this.grown += growth;
  }

  private watchNodes(): void {
    const { dir, file, link, chrdev } = this.fs.filesystems.MEMFS.ops_table;
    for (const { node: operations } of [dir, file, link, chrdev]) {
      const { setattr } = operations;
      operations.setattr = (node, attributes) => {
        this.protect(node);
        if (attributes.size !== undefined) this.grow(node, attributes.size);
        setattr(node, attributes);
      };
    }
    const { mknod, rename, unlink, rmdir } = dir.node;
    dir.node.mknod = (parent, name, mode, device) => {
      if (this.closed && this.made.size >= this.limits.fileCount) this.fail(ENOSPC);
      const node = mknod(parent, name, mode, device);
      this.made.add(node);
      return node;
    };
    dir.node.rename = (node, folder, name) => {
      this.protect(node);
      this.protect(childOf(folder, name));
      rename(node, folder, name);
    };
    dir.node.unlink = (parent, name) => {
      this.protect(childOf(parent, name));
      unlink(parent, name);
    };
    dir.node.rmdir = (parent, name) => {
      this.protect(childOf(parent, name));
      rmdir(parent, name);
    };
  }

  private watchWrites(): void {
    const { MEMFS } = this.fs.filesystems;
    // `msync` takes the second of the two, all else the first.
    for (const operations of [MEMFS.ops_table.file.stream, MEMFS.stream_ops]) {
      const { write } = operations;
      operations.write = (stream, buffer, offset, length, position, canOwn) => {
        this.protect(stream.node);
        this.grow(stream.node, position + length);
        return write(stream, buffer, offset, length, position, canOwn);
      };
    }
  }
}

function childOf(folder: FileNode, name: string): FileNode | undefined {
  const { contents } = folder;
  if (contents === null || contents instanceof Uint8Array || !Object.hasOwn(contents, name)) return undefined;
  return contents[name];
}
