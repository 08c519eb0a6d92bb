/**
 * Every function that Pyodide's WebAssembly imports is in one of three groups: let through, answered with a constant,
 * or (all the others, also those of a future version) denied once the seal is closed.
 */

/** Let through: memory, the in-memory file system, calendar arithmetic, and CPython's own trampolines. */
export const ALLOWED_IMPORTS: ReadonlySet<string> = new Set(
  `
  __syscall_ioctl __syscall_fcntl64 __syscall_openat __syscall_faccessat __syscall_chdir __syscall_dup __syscall_dup3
  __syscall_fchdir __syscall_fdatasync __syscall_fstat64 __syscall_stat64 __syscall_newfstatat __syscall_lstat64
  __syscall_ftruncate64 __syscall_truncate64 __syscall_getcwd __syscall_getdents64 __syscall_mkdirat
  __syscall_readlinkat __syscall_unlinkat __syscall_rmdir __syscall_renameat __syscall_statfs64 __syscall_fstatfs64
  __syscall_chmod __syscall_fchmod __syscall_utimensat __syscall_poll
  fd_close fd_read fd_write fd_sync fd_fdstat_get fd_seek fd_pread fd_pwrite
  environ_sizes_get environ_get clock_res_get _timegm_js _gmtime_js emscripten_get_heap_max
  _mmap_js _munmap_js _msync_js
  emscripten_runtime_keepalive_push emscripten_runtime_keepalive_pop _emscripten_runtime_keepalive_clear
  _PyEM_TrampolineCall_JS __call_sighandler
  `
    .trim()
    .split(/\s+/),
);

/** Answered without asking the host: who and where the process is. */
export const CONSTANT_IMPORTS: ReadonlyMap<string, number> = new Map([
  ['__syscall_getuid32_js', 1000],
  ['__syscall_umask_js', 0o022],
  ['_Py_emscripten_runtime', 0],
  // Whether Python may wait for a promise of the host: never; `time.sleep` then waits for the clock.
  ['can_run_sync_js', 0],
  // Whether a descriptor is a socket of the host: it never is.
  ['_try_fcntl64', 0],
  ['_try_shutdown', 0],
]);

/** "Operation not permitted" in Emscripten's numbering; system calls return it negated, and Python raises `PermissionError`. */
export const EPERM = 63;

/** What a denied import answers: an error number where the caller expects one, else null for a trap. */
export function refusalOf(name: string): number | null {
  if (name.startsWith('__syscall_')) return -EPERM;
  return name === '_emscripten_system' ? -1 : null;
}
