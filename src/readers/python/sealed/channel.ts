import type { FileSystem } from './emscripten';

/** A major device number that Emscripten does not use. */
const MAJOR = 200;
const WRITE_ONLY = 0o222;

/**
 * A device inside the in-memory file system through which the interpreter tells its keeper something: `sink` gets the
 * bytes of each write, in memory that is the interpreter's own (copy what is to be kept).
 */
export function openChannel(fs: FileSystem, name: string, minor: number, sink: (bytes: Uint8Array) => void): void {
  const device = fs.makedev(MAJOR, minor);
  fs.registerDevice(device, {
    open: (stream) => {
      stream.seekable = false;
    },
    write: (_stream, buffer, offset, length) => {
      // The heap comes as signed bytes.
      sink(new Uint8Array(buffer.buffer, buffer.byteOffset + offset, length));
      return length;
    },
  });
  fs.mkdev(`/dev/${name}`, WRITE_ONLY, device);
}

/** Bytes gathered up to a limit; what comes beyond is dropped. */
export class Gathered {
  private chunks: Uint8Array[] = [];
  private length = 0;

  constructor(private readonly limit: number) {}

  readonly add = (bytes: Uint8Array): void => {
    const room = this.limit - this.length;
    if (room > 0) this.chunks.push(bytes.slice(0, room));
    this.length += bytes.length;
  };

  /** True where something was dropped. */
  get overflowed(): boolean {
    return this.length > this.limit;
  }

  text(): string {
    return new TextDecoder().decode(Buffer.concat(this.chunks));
  }

  clear(): void {
    this.chunks = [];
    this.length = 0;
  }
}
