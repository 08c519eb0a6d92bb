/** What the seal uses of Pyodide's Emscripten module; none of it is public API, hence the pinned version. */

/** A file, folder or device of Emscripten's in-memory file system. */
export interface FileNode {
  name: string;
  parent: FileNode;
  mode: number;
  /** Bytes of a file; children of a folder by name. */
  contents: Uint8Array | Record<string, FileNode> | null;
  usedBytes?: number;
  stream_ops: StreamOperations;
  node_ops: NodeOperations;
}

export interface OpenStream {
  /** Null once it is closed. */
  fd: number | null;
  seekable: boolean;
  node: FileNode;
  position: number;
}

/** Operations shared by all nodes of one kind (`MEMFS.ops_table`); replacing one here replaces it everywhere. */
export interface NodeOperations {
  setattr: (node: FileNode, attributes: { size?: number }) => void;
  mknod: (parent: FileNode, name: string, mode: number, device: number) => FileNode;
  rename: (node: FileNode, folder: FileNode, name: string) => void;
  unlink: (parent: FileNode, name: string) => void;
  rmdir: (parent: FileNode, name: string) => void;
  symlink: (parent: FileNode, name: string, target: string) => FileNode;
}

export interface StreamOperations {
  write: (
    stream: OpenStream,
    buffer: Uint8Array,
    offset: number,
    length: number,
    position: number,
    canOwn: boolean,
  ) => number;
}

export interface DeviceOperations {
  open: (stream: OpenStream) => void;
  write: (stream: OpenStream, buffer: Int8Array | Uint8Array, offset: number, length: number) => number;
}

interface OperationTable {
  node: NodeOperations;
  stream: StreamOperations;
}

export interface FileSystem {
  root: FileNode;
  /** By file descriptor; null where it is free. */
  streams: (OpenStream | null)[];
  ErrnoError: new (errno: number) => Error;
  filesystems: {
    MEMFS: { stream_ops: StreamOperations; ops_table: Record<'dir' | 'file' | 'link' | 'chrdev', OperationTable> };
  };
  chdir(path: string): void;
  mkdirTree(path: string): void;
  writeFile(path: string, data: string | Uint8Array): void;
  /** Forgets a node that is no longer in a folder. */
  destroyNode(node: FileNode): void;
  makedev(major: number, minor: number): number;
  registerDevice(device: number, operations: DeviceOperations): void;
  mkdev(path: string, mode: number, device: number): void;
}

export interface EmscriptenModule {
  HEAPU8: Uint8Array;
  wasmTable: WebAssembly.Table;
  FS: FileSystem;
  /** Runs the C string at `source` in `__main__`: 0, or -1 after printing the exception. */
  _PyRun_SimpleString(source: number): number;
  stringToNewUTF8(text: string): number;
  /** The linear memory's stack pointer is a WebAssembly global, so a memory copy alone does not put it back. */
  stackSave(): number;
  stackRestore(pointer: number): void;
  _emscripten_resize_heap(bytes: number): boolean;
  /** Address of the byte that switches the periodic look for signals on. */
  _Py_EMSCRIPTEN_SIGNAL_HANDLING: number;
  /** Where in the runtime the trampoline's table index lies, see `interpreter.ts`. */
  __PyRuntime: number;
  __PyEM_EMSCRIPTEN_TRAMPOLINE_OFFSET: number;
}

/** Settings that Pyodide hands to the module's factory. */
export interface EmscriptenSettings {
  preRun: ((module: EmscriptenModule) => unknown)[];
  instantiateWasm?: (
    imports: WebAssembly.Imports,
    receive: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ) => object;
}

export type ModuleFactory = (settings: EmscriptenSettings) => Promise<EmscriptenModule>;
